#include "plugins/hot_update/game/by_request.hpp"

#include <algorithm>
#include <chrono>

#include "base/wait.hpp"
#include "plugins/hot_update/game/main_process.hpp"

namespace okg::hot_update {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
constexpr milliseconds kCallAgain{100};
constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;
constexpr std::size_t kShownBytes = 200;

Result<NotifyOutcome> call_once(const RequestSettings& settings, http::Client& client,
                                milliseconds timeout, const std::stop_token& stop) {
  http::ClientRequest request;
  request.method = settings.method;
  request.url = settings.url;
  request.headers = settings.headers;
  request.body = settings.body;
  request.use_proxy = false;
  request.connect_timeout = timeout;
  request.total_timeout = timeout;
  auto answer = client.send(request, kMaxAnswerBytes, stop);
  if (!answer) return answer.error().in("request to the game, " + settings.method);
  const auto call =
      settings.method + " " + settings.url + " answered " + std::to_string(answer->head.status);
  if (answer->head.status == settings.expected_status_code) return NotifyOutcome{call, true};
  return fail(ErrorCode::kUpstream,
              "request to the game: " + call + ", not " +
                  std::to_string(settings.expected_status_code) +
                  (answer->body.empty() ? "" : " ('" + answer->body.substr(0, kShownBytes) + "')") +
                  "; check the game's log, and request.path, request.method and "
                  "request.expectedStatusCode");
}

}  // namespace

Result<NotifyOutcome> send_request(const Settings& settings, http::Client& client,
                                   const Audience& audience, const std::stop_token& stop) {
  const auto deadline = Clock::now() + settings.request.timeout;
  auto processes = find_main_process(settings.signal).processes;
  const bool all_are_newer = audience.who == Audience::Who::kStartedBefore && !processes.empty() &&
                             std::all_of(processes.begin(), processes.end(), [&](auto& each) {
                               return process::started_at(each) > audience.content_live_since;
                             });
  if (all_are_newer)
    return NotifyOutcome{"the main process started after the content was in place", false,
                         std::move(processes)};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    auto called = call_once(settings.request, client, std::max(milliseconds(1), left), stop);
    if (called) {
      called->processes = std::move(processes);
      return called;
    }
    if (called.error().code != ErrorCode::kUnavailable) return called;
    if (audience.who == Audience::Who::kStartedBefore && processes.empty() &&
        !settings.main_process_expected)
      return NotifyOutcome{"the game does not listen yet: it reads the content when it starts"};
    if (Clock::now() + kCallAgain >= deadline || !wait_for(stop, kCallAgain)) return called;
  }
}

}  // namespace okg::hot_update
