#include "plugins/hot_update/game/can_write.hpp"

#include <unistd.h>

#include <algorithm>

#include "plugins/hot_update/game/find.hpp"

namespace okg::hot_update {

bool game_can_write(const SignalSettings& signal, mode_t file_mode) {
  if ((file_mode & 022U) != 0) return true;
  const auto ranking = find_game(signal);
  const auto chosen = ranking.chosen();
  return chosen.empty() || std::ranges::any_of(chosen, [](const auto& each) {
           const auto user = each.details.user;
           return !user || *user == 0 || *user == ::geteuid();
         });
}

}  // namespace okg::hot_update
