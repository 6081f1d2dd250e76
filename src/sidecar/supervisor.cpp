#include "sidecar/supervisor.hpp"

#include "base/text.hpp"
#include "base/text/concat.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace okg::sidecar {

using config::RestartPolicy;
using std::chrono::milliseconds;

Supervisor::Supervisor(const std::vector<Plugin*>& plugins, RestartPolicy policy, Delays delays)
    : policy_(policy), delays_(delays), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) std::abort();
  for (auto* plugin : plugins) {
    slots_.push_back(Slot{.plugin = plugin, .backoff = Backoff(delays.first, delays.most)});
  }
}

Result<void> Supervisor::run(int stop_fd, const std::function<bool()>& is_to_stop) {
  for (std::size_t i = 0; i < slots_.size(); ++i) start(i);
  for (;;) {
    std::array<pollfd, 2> watched{pollfd{stop_fd, POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), milliseconds_to_next_start()) < 0 && errno != EINTR)
      return errno_error("poll", errno);
    if (watched[0].revents != 0 && is_to_stop()) return {};
    handle_ended();
    start_due();
  }
}

void Supervisor::start(std::size_t index) {
  auto& slot = slots_[index];
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    slot.restart_at.reset();
    slot.started = Clock::now();
    number = ++slot.starts;
  }
  auto started = slot.plugin->start([this, index, number](Result<void> outcome) {
    {
      const std::lock_guard lock(mutex_);
      ended_.push_back({index, number, outcome ? std::nullopt : std::optional(outcome.error())});
    }
    const std::uint64_t one = 1;
    if (::write(wake_.get(), &one, sizeof one) < 0)
      std::abort();  // an eventfd takes 2^64-2 of these
  });
  if (started) {
    {
      const std::lock_guard lock(mutex_);
      slot.running = true;
    }
    log::info("plugin started",
              {{"plugin", slot.plugin->name()}, {"version", slot.plugin->version()}});
    return;
  }
  slot.plugin->stop(milliseconds(0));
  after_end(slot, started.error());
}

void Supervisor::after_end(Slot& slot, const std::optional<Error>& error) {
  const bool again =
      policy_ == RestartPolicy::kAlways || (policy_ == RestartPolicy::kOnFailure && error);
  if (Clock::now() - slot.started >= delays_.healthy_after) slot.backoff.reset();
  const auto delay = slot.backoff.next();
  {
    const std::lock_guard lock(mutex_);
    slot.running = false;
    slot.last_error = error.value_or(fail(ErrorCode::kUnavailable, Reason::kNotRunning, "ended"));
    if (again) slot.restart_at = Clock::now() + delay;
  }
  // A line may wait for whoever reads the log; readers of the state do not.
  log::write(error ? log::Level::kError : log::Level::kInfo,
             error ? "plugin failed" : "plugin ended",
             {{"plugin", slot.plugin->name()},
              {"reason", error ? to_string(shown_reason(*error)) : ""},
              {"error", error ? error->message : ""},
              {"next", again ? "started again in " + std::to_string(delay.count()) + " ms"
                             : "left as it is (restartPolicy)"}});
}

void Supervisor::handle_ended() {
  std::uint64_t count = 0;
  if (::read(wake_.get(), &count, sizeof count) < 0 && errno != EAGAIN && errno != EINTR)
    std::abort();
  std::vector<Ended> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(ended_);
  }
  for (const auto& each : ended) {
    auto& slot = slots_[each.slot];
    if (!slot.running || slot.starts != each.start) continue;
    slot.plugin->stop(milliseconds(0));
    after_end(slot, each.error);
  }
}

void Supervisor::start_due() {
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].restart_at && Clock::now() >= *slots_[i].restart_at) start(i);
}

int Supervisor::milliseconds_to_next_start() const {
  std::optional<Clock::time_point> next;
  for (const auto& slot : slots_)
    if (slot.restart_at) next = next ? std::min(*next, *slot.restart_at) : *slot.restart_at;
  if (!next) return -1;
  const auto rest = std::chrono::ceil<milliseconds>(*next - Clock::now()).count();
  return static_cast<int>(std::clamp<milliseconds::rep>(rest, 0, 3'600'000));
}

void Supervisor::stop(milliseconds grace) {
  const auto deadline = Clock::now() + grace;
  for (auto slot = slots_.rbegin(); slot != slots_.rend(); ++slot) {
    if (!slot->running) continue;
    slot->plugin->stop(std::max(milliseconds(0),
                                std::chrono::duration_cast<milliseconds>(deadline - Clock::now())));
    const std::lock_guard lock(mutex_);
    slot->running = false;
    slot->last_error = fail(ErrorCode::kStopping, "stopped");
  }
}

PluginStatus Supervisor::status() const {
  const std::lock_guard lock(mutex_);
  PluginStatus all{true, ""};
  for (const auto& slot : slots_) {
    const auto one =
        slot.running ? slot.plugin->status()
                     : PluginStatus{false, slot.last_error.message, shown_reason(slot.last_error)};
    if (one.ready && one.message.empty()) continue;
    if (all.ready && !one.ready) all.reason = one.reason;
    all.ready = all.ready && one.ready;
    append_listed(all.message, "; ", concat(slot.plugin->name(), ": ", one.message));
  }
  return all;
}

std::vector<Supervisor::PluginFigures> Supervisor::figures() const {
  const std::lock_guard lock(mutex_);
  std::vector<PluginFigures> all;
  for (const auto& slot : slots_)
    all.push_back(
        {std::string(slot.plugin->name()), slot.running, slot.starts > 0 ? slot.starts - 1 : 0});
  return all;
}

}  // namespace okg::sidecar
