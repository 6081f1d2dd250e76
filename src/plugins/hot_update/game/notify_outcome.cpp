#include "plugins/hot_update/game/notify_outcome.hpp"

#include <utility>

namespace okg::hot_update {

void NotifyOutcome::add(Warnings more) {
  for (auto& each : more) {
    message += "; warning: " + each.message;
    warnings.push_back(std::move(each));
  }
}

}  // namespace okg::hot_update
