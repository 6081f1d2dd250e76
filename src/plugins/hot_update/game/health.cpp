#include "plugins/hot_update/game/health.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/text/bytes.hpp"
#include "plugins/hot_update/game/watch.hpp"

namespace okg::hot_update {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
/// The text looked for has to be in the first mebibyte of the answer.
constexpr std::size_t kMaxHealthBytes = 1024 * 1024;

/// Keeps the beginning of a body; the rest is read and forgotten.
class BodyHead : public http::ResponseSink {
 public:
  Result<void> begin(const http::ResponseHead&) override { return {}; }
  Result<void> write(std::span<const std::byte> bytes) override {
    append_up_to(kMaxHealthBytes, body, bytes);
    return {};
  }
  std::string body;
};

Result<void> check_http(const ConfirmSettings& settings, http::Client& client, milliseconds timeout,
                        const std::stop_token& stop) {
  http::ClientRequest request;
  request.url = settings.http_url;
  request.use_proxy = false;
  request.connect_timeout = timeout;
  request.total_timeout = timeout;
  BodyHead answer;
  const auto head = client.send(request, answer, stop);
  if (!head) return head.error();
  if (head->status != settings.expected_status_code)
    return fail(ErrorCode::kUpstream, settings.http_url, " answered ", head->status, ", not ",
                settings.expected_status_code);
  if (answer.body.find(settings.body_contains) == std::string::npos)
    return fail(ErrorCode::kUpstream, settings.http_url, " does not contain '",
                settings.body_contains, "'");
  return {};
}

Result<void> check(const ConfirmSettings& settings, http::Client& client, milliseconds timeout,
                   const std::stop_token& stop) {
  Result<void> healthy;
  if (!settings.http_url.empty()) healthy = check_http(settings, client, timeout, stop);
  if (healthy && !settings.tcp_address.empty())
    healthy = client.connect(settings.tcp_address, timeout, stop);
  return healthy;
}

/// How often in a row: a game that is about to end may still answer once.
constexpr int kInARow = 2;

Result<void> confirm(const ConfirmSettings& settings, http::Client& client,
                     const NotifyOutcome& outcome, Clock::time_point notified,
                     const std::stop_token& stop) {
  if (settings.process_alive.count() > 0 && outcome.processes.empty())
    return fail(ErrorCode::kUpstream, Reason::kGameEnded,
                "no process matches signal.processName any more");
  // It begins here: while the processes settled nothing was checked.
  const auto deadline = Clock::now() + settings.timeout;
  auto next_look = notified + settings.interval;
  // A last check that the deadline cut short says less than the ones before it.
  Error why;
  for (int held = 0;;) {
    const auto pause = std::chrono::ceil<milliseconds>(next_look - Clock::now());
    if (auto alive = watch(outcome, std::max(milliseconds(0), pause), stop); !alive) return alive;
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    const auto healthy = check(settings, client, std::max(milliseconds(1), left), stop);
    held = healthy ? held + 1 : 0;
    if (!healthy && (why.message.empty() || healthy.error().code != ErrorCode::kTimeout))
      why = healthy.error();
    if (held >= kInARow && Clock::now() >= notified + settings.process_alive)
      return watch(outcome, milliseconds(0), stop);
    if (stop.stop_requested()) return watch(outcome, milliseconds(0), stop);
    if (!healthy && Clock::now() >= deadline)
      return fail(ErrorCode::kTimeout, Reason::kGameNotHealthy, "the game was not healthy within ",
                  settings.timeout.count(), " ms (confirm.timeoutSeconds): ", why.message);
    next_look = Clock::now() + settings.interval;
  }
}

}  // namespace

bool is_checked(const Settings& settings, const NotifyOutcome& outcome) {
  return settings.confirm.any() || (outcome.settle.count() > 0 && !outcome.processes.empty());
}

Result<void> check_health(const Settings& settings, http::Client& client,
                          const NotifyOutcome& outcome, const std::stop_token& stop) {
  const auto notified = Clock::now();
  if (!outcome.processes.empty())
    if (auto alive = watch(outcome, outcome.settle, stop); !alive) return alive;
  if (!settings.confirm.any()) return {};
  return confirm(settings.confirm, client, outcome, notified, stop);
}

}  // namespace okg::hot_update
