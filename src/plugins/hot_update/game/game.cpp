#include "plugins/hot_update/game/game.hpp"

#include <utility>

#include "plugins/hot_update/game/watch.hpp"

namespace okg::hot_update {

Result<std::string> Game::notify_of_revert(const std::stop_token& stop) {
  auto outcome = notify(Audience::started_before(BootClock::now()), stop);
  if (!outcome) return outcome.error();
  if (outcome->notified)
    if (auto alive = watch(*outcome, outcome->settle, stop); !alive)
      return alive.error().in(outcome->message);
  return std::move(outcome->message);
}

}  // namespace okg::hot_update
