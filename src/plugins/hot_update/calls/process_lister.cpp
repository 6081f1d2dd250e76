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
  if (std::exchange(runs_, true)) return;
  thread_ = std::jthread([this] { run(); });  // joins the last one, which has nothing left to do
}

void ProcessLister::run() {
  for (;;) {
    http::ServerResponse answer;
    answer.status = 200;
    answer.body = visible_json(to_json(list_of(find_game(settings_), settings_.signal))) + "\n";
    std::vector<http::Respond> asked;
    {
      const std::lock_guard lock(mutex_);
      asked.swap(waiting_);
      if (asked.empty()) {
        runs_ = false;
        return;
      }
    }
    for (const auto& respond : asked) respond(answer);
  }
}

}  // namespace okg::hot_update
