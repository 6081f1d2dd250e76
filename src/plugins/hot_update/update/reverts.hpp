// Reverts: after a failure the old content is live again,
// and whoever heard of the new one hears of that. What the
// disk does not take now is tried again until it does.
#pragma once

#include <stop_token>
#include <vector>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/update/run/parts.hpp"
#include "plugins/hot_update/update/run/update_run.hpp"

namespace okg::hot_update {

/// Thread-compatible: all calls from the worker's thread.
class Reverts {
 public:
  explicit Reverts(const Parts& parts) : parts_(parts) {}

  /// Ends updates that failed with `error` after their content
  /// went live. `audience` was to be notified of the new content.
  std::vector<Outcome> revert(std::vector<LiveUpdate> updates, const Audience& audience,
                              const Error& error);

  enum class Done {
    kNo,        ///< The old content is not live, or not all of it.
    kUnsynced,  ///< It is live; a power cut may undo that.
    kYes,       ///< It is live and durable.
  };
  /// The old content of all targets is live again. Says in the outcome what was done.
  Done revert_files(const Intent& intent, UpdateRun& run) const;

  /// Tries once more what could not be reverted before, and notifies the game.
  void retry(const std::stop_token& stop);
  [[nodiscard]] bool are_left() const { return !parts_.ledger.state()->paths_to_revert().empty(); }

 private:
  [[nodiscard]] bool has_to_be_reverted(const Target& target) const;
  [[nodiscard]] Result<bool> retry(const Target& target, const std::string& name) const;
  [[nodiscard]] Result<bool> retry(const Intent& intent) const;

  const Parts& parts_;
};

}  // namespace okg::hot_update
