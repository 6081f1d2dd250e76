#include "plugins/hot_update/calls/process_lister.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/text/visible.hpp"
#include "plugins/hot_update/game/candidate_list.hpp"
#include "plugins/hot_update/game/find.hpp"

namespace okg::hot_update {

void ProcessLister::list(const http::Respond& respond) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(respond);
  thread_.start();
}

void ProcessLister::run(std::unique_lock<std::mutex>& lock) {
  while (!waiting_.empty()) {
    lock.unlock();
    http::ServerResponse answer;
    answer.body = visible_json(to_json(list_of(find_game(settings_), settings_.signal))) + "\n";
    lock.lock();
    const auto asked = std::exchange(waiting_, {});
    lock.unlock();
    for (const auto& respond : asked) respond(answer);
    lock.lock();
  }
}

}  // namespace okg::hot_update
