#include "plugins/hot_update/game/configured_game.hpp"

#include <utility>

#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/game/health.hpp"
#include "plugins/hot_update/game/notify.hpp"

namespace okg::hot_update {

ConfiguredGame::ConfiguredGame(const Settings& settings, std::function<http::Client&()> client)
    : settings_(settings), client_(std::move(client)) {}

Result<void> ConfiguredGame::check_mounts(const std::string& path) {
  return hot_update::check_mounts(settings_, path);
}

Result<NotifyOutcome> ConfiguredGame::notify(const Audience& audience,
                                             const std::stop_token& stop) {
  auto outcome = hot_update::notify(settings_, client_(), audience, stop);
  if (outcome) outcome->settle = settings_.signal.settle;
  return outcome;
}

bool ConfiguredGame::is_checked(const NotifyOutcome& notified) const {
  return hot_update::is_checked(settings_, notified);
}

Result<void> ConfiguredGame::check_health(const NotifyOutcome& notified,
                                          const std::stop_token& stop) {
  return hot_update::check_health(settings_, client_(), notified, stop);
}

}  // namespace okg::hot_update
