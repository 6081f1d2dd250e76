// One update on its way to its outcome: its stages,
// their times, and what is known of it so far.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/update/run/parts.hpp"

namespace okg::hot_update {

/// How much of the game has heard of the new content.
enum class Notified {
  kNobody,       ///< Nothing was sent.
  kPerhapsSome,  ///< Notifying failed: of several processes, some may have heard of it.
  kEverybody,    ///< All that had to hear of it have.
};

class UpdateRun {
 public:
  /// `parts` outlive it.
  UpdateRun(const Parts& parts, const api::UpdateRequest& request);
  /// An update that an earlier start began, as far as it came.
  UpdateRun(const Parts& parts, Outcome so_far);

  void enter(Stage stage);
  /// It failed; what becomes of the old content is added with say().
  void fail(const Error& error);
  /// "; more" behind the message.
  void say(const std::string& more);
  /// Ends it in the ledger and in the log, and tidies up. Logs failures.
  Outcome finish(UpdateEnd end, Timestamp at = now());

  Outcome outcome;
  Notified notified = Notified::kNobody;

 private:
  using Clock = std::chrono::steady_clock;
  void end_stage();

  const Parts& parts_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point stage_began_ = started_;
};

/// The outcome of a request, as far as the request says it.
[[nodiscard]] Outcome outcome_of(const api::UpdateRequest& request, std::uint64_t seq);

/// The content of the outcome is this: checksum, bytes, files.
void note_content(Outcome& outcome, const LiveContent& content);

/// Its old content's name in kept/.
[[nodiscard]] std::string kept_name(std::uint64_t seq, std::size_t target = 0);

/// An update whose content is live, and which has not ended.
struct LiveUpdate {
  UpdateRun run;
  Intent intent;
  BootTime live_since = BootTime::min();
  std::optional<Error> unsynced{};  ///< see Committed::unsynced
};

}  // namespace okg::hot_update
