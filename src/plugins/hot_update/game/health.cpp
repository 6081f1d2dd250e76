#include "plugins/hot_update/game/health.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/wait.hpp"
#include "plugins/hot_update/game/main_process.hpp"

namespace okg::hot_update {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
/// The text looked for has to be in the first mebibyte of the answer.
constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;

/// Keeps the beginning of a body; the rest is read and forgotten.
class BodyHead : public http::ResponseSink {
 public:
  Result<void> begin(const http::ResponseHead&) override { return {}; }
  Result<void> write(std::span<const std::byte> bytes) override {
    const auto kept = std::min(bytes.size(), kMaxAnswerBytes - body.size());
    body.append(reinterpret_cast<const char*>(bytes.data()), kept);
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
    return fail(ErrorCode::kUpstream, settings.http_url + " answered " +
                                          std::to_string(head->status) + ", not " +
                                          std::to_string(settings.expected_status_code));
  if (answer.body.find(settings.body_contains) == std::string::npos)
    return fail(ErrorCode::kUpstream,
                settings.http_url + " does not contain '" + settings.body_contains + "'");
  return {};
}

Result<void> check_alive(const std::vector<process::Process>& processes) {
  if (processes.empty())
    return fail(ErrorCode::kUpstream, "no process matches signal.processName any more");
  for (const auto& process : processes) {
    const auto now = process::read_process(process.pid);
    if (!now || now->start_ticks != process.start_ticks)
      return fail(ErrorCode::kUpstream, describe(process) + " ended after it was told");
  }
  return {};
}

}  // namespace

Result<void> confirm(const ConfirmSettings& settings, http::Client& client,
                     const std::vector<process::Process>& processes, const std::stop_token& stop) {
  const auto begun = Clock::now();
  const auto deadline = begun + settings.timeout;
  for (;;) {
    if (settings.process_alive.count() > 0)
      if (auto ok = check_alive(processes); !ok) return ok;
    const bool lived = Clock::now() >= begun + settings.process_alive;
    const auto left =
        std::max(milliseconds(1), std::chrono::ceil<milliseconds>(deadline - Clock::now()));
    Result<void> well;
    if (!settings.http_url.empty()) well = check_http(settings, client, left, stop);
    if (well && !settings.tcp_address.empty())
      well = client.connect(settings.tcp_address, left, stop);
    if (well && lived) return {};
    if (stop.stop_requested() || (Clock::now() < deadline && !wait_for(stop, settings.interval)))
      return fail(ErrorCode::kStopping, "stopped before the game was seen to be well");
    if (well || Clock::now() < deadline) continue;
    return fail(ErrorCode::kTimeout, "the game was not well within " +
                                         std::to_string(settings.timeout.count()) +
                                         " ms (confirm.timeoutSeconds): " + well.error().message);
  }
}

}  // namespace okg::hot_update
