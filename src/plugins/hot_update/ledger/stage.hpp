// The stages of an update, in their order.
#pragma once

#include <optional>
#include <string_view>

namespace okg::hot_update {

enum class Stage {
  kRequest,  ///< The request is checked, or waits in the queue.
  kFetch,    ///< The content comes into staging, from its source or from kept content.
  kVerify,   ///< Its checksum and size are compared with what was asked for.
  kPublish,  ///< The old content is kept, and the new one goes live.
  kTrigger,  ///< The game is notified.
  kConfirm,  ///< The game is watched until it is seen to be healthy.
  kRecord,   ///< The result is journaled, and written to the store.
};

/// "request", "fetch", …: as in answers, results and the journal.
[[nodiscard]] std::string_view to_string(Stage stage);
/// Nothing for a word that is no stage.
[[nodiscard]] std::optional<Stage> parse_stage(std::string_view word);

}  // namespace okg::hot_update
