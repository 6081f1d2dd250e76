// Decides the requests to a source and the meaning of each answer: the
// state machine of a download, without a file and without a network.
// Content is published only when all bytes of it are known to be of
// one version of the source, and as many came as were announced.
//
//   asked for      | answer                                        | action
//   ---------------+-----------------------------------------------+-------------------------------
//   the whole      | 200, without a Content-Range                  | take it from its first byte
//   (also on       | 200 or 206, `bytes 0-(N-1)/N`                 | the same: it is the whole
//   a condition)   | 200 or 206 with any other Content-Range       | ask again
//   on a condition | 304 with our validator, or with none          | keep what is live
//   (If-None-Match | 304 with another validator                    | ask again, unconditionally
//   or -Modified-  |                                               |
//   Since)         |                                               |
//   the whole      | 304                                           | ask again: a cache is confused
//   the rest       | 206 that begins where ours ends, of our       | take it from there
//   (Range with    | version, of our total, as long as it says     |
//   If-Range)      | 200 that is the whole                         | take it from its first byte
//                  | anything else, whatever its status            | ask once more for the whole,
//                  |                                               | which uses up no retry
//                  | no byte of it, twice in a row or when no      | the same; what is kept stays
//                  | retry is left; or what is no HTTP             | until an answer replaces it
//   anything       | a length that is no number, or two that differ| ask again
//                  | 408, 425, 429, 5xx                            | ask again, after Retry-After
//                  | any other status                              | give up
//
//   after          | bytes kept                                    | the next attempt asks for
//   ---------------+-----------------------------------------------+-------------------------------
//   an answer that | all that was announced                        | nothing: it is complete
//   ended          | fewer: it was a part                          | the rest, at once
//                  | fewer                                         | see below
//                  | nothing was announced                         | nothing: complete, with a
//                  |                                               | warning if kUnmarked
//                  | all, of another checksum than announced       | the whole, once; then give up
//   a transfer     | some, and a strong validator                  | the rest
//   that broke, or | some, no strong validator; or all, or more    | the whole
//   brought fewer  | none                                          | the same as before
//
// "Our version": the strong ETag is the same. Without an ETag in the
// 206, or where a date is our validator, the total has to be the same.
// An ETag, Last-Modified or Content-Encoding that both answers have is
// the same, and so is the URL after redirects, but for its query.
// An ETag is strong unless it is marked as weak, empty, or of a file that was
// changed in the second before, or later by a clock that is ahead: many servers
// make it of that second and the size. Nor are such marks kept with live content.
// @source RFC 9110, 13.1.5 (If-Range), 14.4 (Content-Range), 15.3.7 (206)
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "http/client/request.hpp"
#include "http/message.hpp"

namespace okg::content {

/// A validator that is longer is as good as none: it would be kept with every result.
inline constexpr std::size_t kMaxValidatorBytes = 256;

/// The validators of the live content, which make a download conditional.
struct Validators {
  std::string etag;
  std::string last_modified;
  [[nodiscard]] bool empty() const { return etag.empty() && last_modified.empty(); }
};

/// The meaning of an answer for its bytes, and for those kept so far.
enum class Action {
  kTakeWhole,  ///< they are the content from its first byte on
  kTakeRest,   ///< they go on where the kept ones end
  kKeepLive,   ///< there are none: what is live is what the source has
  kAskAgain,   ///< of no use; another attempt may bring what is
  kGiveUp,     ///< of no use; another attempt would bring the same
};

struct Decision {
  Action action = Action::kGiveUp;
  std::string reason;  ///< of the last two: "answered 404; check the URL, …"
  std::chrono::milliseconds retry_after{0};  ///< how long the source asks to be left alone
};

/// How many requests with a Range in a row may
/// bring nothing before one without it is made.
enum class Ranges {
  kOne,  ///< The next one would bring nothing either, or there is none.
  kTwo,  ///< A connection may have broken by chance.
};

/// Not safe for threads.
class DownloadPlan {
 public:
  /// `ask_past_caches`: of the first attempt; every later one does.
  explicit DownloadPlan(Validators live, bool ask_past_caches);

  void begin_attempt();
  /// Headers of the attempt.
  [[nodiscard]] http::Headers headers() const;
  [[nodiscard]] Decision judge(const http::ResponseHead& head);
  /// To be called with each piece of a body that is taken. False: more
  /// came than the answer said, so that nothing of it may be kept.
  [[nodiscard]] bool took(std::uint64_t bytes);
  /// After an answer that ended as it should. Errors: kUnavailable, bytes are missing.
  [[nodiscard]] Result<void> check_complete() const;
  /// All bytes came, and are not those that the source announced: drops them.
  /// True: chance may have damaged them, and another attempt may help.
  [[nodiscard]] bool drop_damaged();
  /// The attempt failed: the next one is a retry.
  void note_failure(Ranges fruitless = Ranges::kTwo);
  /// True when a Range was no use, so that
  /// the next attempt is one more.
  [[nodiscard]] bool grants_an_attempt() const { return grants_an_attempt_; }
  /// True when the attempt brought all that its
  /// answer announced, and more is to come.
  [[nodiscard]] bool has_whole_part() const;

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// The announced length of the content that is taken.
  [[nodiscard]] std::optional<std::uint64_t> total() const { return version_.total; }
  /// The validators for later requests, once the content is live.
  [[nodiscard]] Validators validators() const;
  [[nodiscard]] const std::string& encoding() const { return version_.encoding; }
  [[nodiscard]] bool has_unmarked_end() const { return has_unmarked_end_; }

 private:
  enum class Asking { kWhole, kOnCondition, kRest };

  /// The version of the kept bytes, as far as it is known.
  struct Version {
    std::string etag;  ///< as sent; empty when there was none
    std::string last_modified;
    std::string strong_date;  ///< last_modified, when it is a strong validator
    bool is_young = false;    ///< last_modified is not more than a second older than the answer
    std::string encoding;
    std::string url;  ///< after redirects, without its query
    std::optional<std::uint64_t> total;
    [[nodiscard]] bool has_strong_etag() const;
  };

  static Version version_of(const http::ResponseHead& head);
  [[nodiscard]] Asking asking() const;
  Decision judge_whole(const http::ResponseHead& head);
  Decision judge_rest(const http::ResponseHead& head);
  [[nodiscard]] static bool is_whole(const http::ResponseHead& head);
  Decision take_whole(const http::ResponseHead& head);
  [[nodiscard]] bool is_ours(const Version& version) const;
  [[nodiscard]] bool is_what_is_live(const http::ResponseHead& head) const;
  [[nodiscard]] bool is_the_rest(const http::ResponseHead& head) const;
  void drop_kept();

  Validators live_;
  bool asks_past_caches_;
  Version version_;
  std::uint64_t bytes_ = 0;           ///< kept
  std::optional<std::uint64_t> end_;  ///< of the answer of now, counted from the first byte
  bool is_resuming_ = false;          ///< the answer of now brings the rest
  bool has_unmarked_end_ = false;
  bool grants_an_attempt_ = false;
  bool leaves_range_out_ = false;   ///< of this attempt, though there is something to go on from
  std::uint64_t bytes_before_ = 0;  ///< this attempt
  int fruitless_ranges_ = 0;        ///< in a row
  bool was_damaged_ = false;        ///< once already
};

}  // namespace okg::content
