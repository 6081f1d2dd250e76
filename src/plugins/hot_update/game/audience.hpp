// Which of the game's processes hear that content has changed: those
// that started before it went live. Where an earlier process of the
// sidecar put it live, when that was is put together from its intent.
// The wall clock may have been set since, or be that of a file server.
//
//   the intent is of …   | the content went live, by the clock of this boot
//   ---------------------+--------------------------------------------------------------------
//   this boot            | as long after the intent as the file was changed after it; not
//                        | before the intent, and not after now
//   another boot         | before any process of this one started
//   an older release, or | when the file was changed, by the wall clock as it is now; not after
//   an unknown boot      | now
#pragma once

#include <optional>

#include "base/time/boot_time.hpp"
#include "process/process_table.hpp"

namespace okg::hot_update {

/// The message when all of them have read the content.
inline constexpr auto kStartedAfter = "the main process started after the content was in place";

struct Audience {
  enum class Who {
    /// Every process of the game. One has to be there.
    kEveryone,
    /// Processes that started before `content_live_since`. Later ones have
    /// read the content; a game that does not run yet reads it when it starts.
    kStartedBefore,
  };
  Who who = Who::kEveryone;
  BootTime content_live_since{};  ///< meaningless for kEveryone

  /// For kStartedBefore: whether the process started when the content was live.
  [[nodiscard]] bool has_read_it(const process::Process& process) const {
    return process::started_at(process) > content_live_since;
  }

  [[nodiscard]] static Audience everyone() { return {}; }
  [[nodiscard]] static Audience started_before(BootTime content_live_since) {
    return {Who::kStartedBefore, content_live_since};
  }
};

/// See the table above. `changed`: when the file last changed
/// its place or content, by the clock of its file system.
[[nodiscard]] BootTime went_live(const std::optional<Moment>& intent, Timestamp changed,
                                 const Moment& now);

}  // namespace okg::hot_update
