// Which of the game's processes hear that content has changed.
#pragma once

#include "base/timestamp.hpp"
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
  Timestamp content_live_since{};  ///< meaningless for kEveryone

  /// For kStartedBefore: whether the process started when the content was live.
  [[nodiscard]] bool has_read_it(const process::Process& process) const {
    return process::started_at(process) > content_live_since;
  }

  [[nodiscard]] static Audience everyone() { return {}; }
  [[nodiscard]] static Audience started_before(Timestamp content_live_since) {
    return {Who::kStartedBefore, content_live_since};
  }
};

}  // namespace okg::hot_update
