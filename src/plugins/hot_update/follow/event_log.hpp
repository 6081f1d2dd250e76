// Numbers the events of GET /hot-update/events, writes them down, and keeps
// the last ones for a client that comes back with the number it has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace okg::hot_update {

/// Thread-compatible.
class EventLog {
 public:
  static constexpr std::size_t kMaxKept = 256;
  static constexpr std::size_t kMaxKeptBytes = 64UL * 1024;

  /// `name` tells its numbers from those of an earlier start.
  explicit EventLog(std::string name) : name_(std::move(name)) {}

  /// Each returns the event as a client gets it; `json` is one line:
  /// "id: NAME-7\nevent: update\ndata: {…}\n\n".
  /// @source https://html.spec.whatwg.org/multipage/server-sent-events.html
  /// An update has changed. It is kept.
  std::string add_change(std::string_view json);
  /// How far a download is: out of date with the next one, and not kept.
  std::string add_progress(std::string_view json);
  /// All there is, as of the last event.
  [[nodiscard]] std::string snapshot(std::string_view json) const;

  /// The changes behind the event `last_id`; nothing: it is
  /// too old, of an earlier start, or none of ours.
  [[nodiscard]] std::optional<std::string> since(std::string_view last_id) const;

 private:
  struct Kept {
    std::uint64_t number;
    std::string text;
  };
  void drop_oldest();
  [[nodiscard]] std::string text_of(std::string_view kind, std::string_view json) const;

  std::string name_;
  std::uint64_t last_ = 0;     ///< number of the last event
  std::uint64_t dropped_ = 0;  ///< number of the last change that is no longer kept
  std::deque<Kept> kept_;      ///< oldest first
  std::size_t kept_bytes_ = 0;
};

}  // namespace okg::hot_update
