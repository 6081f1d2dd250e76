#include "plugins/hot_update/game/notify.hpp"

#include "plugins/hot_update/game/by_request.hpp"
#include "plugins/hot_update/game/by_signal.hpp"
#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/game/watch.hpp"

namespace okg::hot_update {

Result<NotifyOutcome> notify(const Settings& settings, http::Client& client,
                             const Audience& audience, const std::stop_token& stop) {
  switch (settings.load_patch_type) {
    case LoadPatchType::kSignal: return send_signal(settings, audience, stop);
    case LoadPatchType::kRequest: return send_request(settings, client, audience, stop);
    case LoadPatchType::kNone: break;
  }
  return NotifyOutcome{"loadPatchType is none: the game was not notified", false, "",
                       hold_what_can_be(find_game(settings.signal).chosen())};
}

}  // namespace okg::hot_update
