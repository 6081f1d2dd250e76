#include "plugins/hot_update/game/by_request.hpp"

#include <algorithm>
#include <chrono>

#include "base/time/wait.hpp"
#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/game/game_warnings.hpp"
#include "plugins/hot_update/game/watch.hpp"

namespace okg::hot_update {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
constexpr milliseconds kCallAgain{100};
constexpr std::size_t kMaxNoticeAnswerBytes = 1024 * 1024;
constexpr std::size_t kMaxShownBytes = 200;

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
  auto answer = client.send(request, kMaxNoticeAnswerBytes, stop);
  if (!answer)
    return answer.error()
        .in("request to the game, " + settings.method)
        .because(Reason::kGameUnreachable);
  const auto call =
      settings.method + " " + settings.url + " answered " + std::to_string(answer->head.status);
  if (answer->head.status == settings.expected_status_code)
    return NotifyOutcome{call, true, settings.method + " " + settings.url};
  return fail(ErrorCode::kUpstream, Reason::kReloadRefused, "request to the game: ", call, ", not ",
              settings.expected_status_code,
              (answer->body.empty() ? "" : " ('" + answer->body.substr(0, kMaxShownBytes) + "')"),
              "; check the game's log, and request.path, request.method and "
              "request.expectedStatusCode");
}

}  // namespace

Result<NotifyOutcome> send_request(const Settings& settings, http::Client& client,
                                   const Audience& audience, const std::stop_token& stop) {
  const auto deadline = Clock::now() + settings.request.timeout;
  const auto ranking = find_game(settings.signal);
  const auto chosen = ranking.chosen();
  const bool is_for_older = audience.who == Audience::Who::kStartedBefore;
  const bool all_have_read_it =
      std::ranges::all_of(chosen, [&](auto& each) { return audience.has_read_it(each.process); });
  if (is_for_older && all_have_read_it && !chosen.empty()) return NotifyOutcome{kStartedAfter};
  auto held = hold_what_can_be(chosen);
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    auto called = call_once(settings.request, client, std::max(milliseconds(1), left), stop);
    if (called) {
      called->processes = std::move(held);
      called->add(warnings_about(settings, ranking));
      return called;
    }
    if (called.error().code != ErrorCode::kUnavailable) return called;
    if (is_for_older && chosen.empty() && !settings.main_process_expected)
      return NotifyOutcome{"the game does not listen yet: it reads the content when it starts"};
    if (Clock::now() + kCallAgain >= deadline || !wait_for(stop, kCallAgain)) return called;
  }
}

}  // namespace okg::hot_update
