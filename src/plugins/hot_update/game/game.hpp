// The game, as an update sees it: somebody to notify, who is then healthy or not.
#pragma once

#include <stop_token>
#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/game/audience.hpp"
#include "plugins/hot_update/game/notify_outcome.hpp"

namespace okg::hot_update {

class Game {
 public:
  Game() = default;
  Game(const Game&) = delete;
  Game& operator=(const Game&) = delete;
  virtual ~Game() = default;

  /// Errors: kInvalid where it has something mounted in the folder that has this
  /// path: it would lose that, without a word, when the folder changes places.
  virtual Result<void> check_mounts(const std::string& path) = 0;
  /// See notify.hpp.
  virtual Result<NotifyOutcome> notify(const Audience& audience, const std::stop_token& stop) = 0;
  /// Whether check_health() looks at anything.
  [[nodiscard]] virtual bool is_checked(const NotifyOutcome& notified) const = 0;
  /// See health.hpp.
  virtual Result<void> check_health(const NotifyOutcome& notified, const std::stop_token& stop) = 0;

  /// notify() for those that run now: the old content is live
  /// again. They are watched too. Returns what was done, for
  /// the operator. Errors: as notify() and watch().
  Result<std::string> notify_of_revert(const std::stop_token& stop);
};

}  // namespace okg::hot_update
