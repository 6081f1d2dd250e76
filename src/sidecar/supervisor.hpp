// Starts plugins in boot order, restarts those that fail, stops them in reverse order.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/io/unique_fd.hpp"
#include "base/time/backoff.hpp"
#include "config/host_config.hpp"
#include "sidecar/plugin.hpp"

namespace okg::sidecar {

/// status() is thread-safe; everything else belongs to one thread.
class Supervisor {
 public:
  using Clock = std::chrono::steady_clock;
  struct Delays {
    std::chrono::milliseconds first{1'000};
    std::chrono::milliseconds most{60'000};
    std::chrono::milliseconds healthy_after{
        60'000};  ///< having run this long, a plugin that fails begins at `first` again
  };

  /// The plugins, in boot order, outlive the supervisor.
  Supervisor(const std::vector<Plugin*>& plugins, config::RestartPolicy policy, Delays delays);

  /// Starts the plugins and keeps them running until `stop_fd` (a signalfd,
  /// an eventfd) is readable and `is_to_stop` has looked at what came there.
  /// Returns at once and without a wake-up otherwise, whatever the plugins do.
  /// Errors: the operating system.
  Result<void> run(int stop_fd, const std::function<bool()>& is_to_stop);
  /// Stops the running plugins in reverse order, all within about `grace`.
  void stop(std::chrono::milliseconds grace);
  /// Ready when every plugin runs and is ready; the message names
  /// those that are not and why, and what those that are have to say.
  [[nodiscard]] PluginStatus status() const;
  struct PluginFigures {
    std::string name;
    bool is_running = false;
    std::uint64_t restarts = 0;
  };
  /// The figures of every plugin, in boot order.
  [[nodiscard]] std::vector<PluginFigures> figures() const;

 private:
  struct Slot {
    Plugin* plugin = nullptr;
    Backoff backoff;
    bool running = false;  ///< its start has succeeded; until then `last_error` says why not
    std::uint64_t starts = 0;
    Clock::time_point started{};
    std::optional<Clock::time_point> restart_at{};
    Error last_error{ErrorCode::kUnavailable, "not started yet", Reason::kNotRunning};
  };
  struct Ended {
    std::size_t slot;
    std::uint64_t start;
    std::optional<Error> error;
  };
  void start(std::size_t index);
  void after_end(Slot& slot, const std::optional<Error>& error);
  void handle_ended();
  void start_due();
  [[nodiscard]] int milliseconds_to_next_start() const;

  config::RestartPolicy policy_;
  Delays delays_;
  unique_fd wake_;  ///< eventfd: a plugin ended
  mutable std::mutex mutex_;
  std::vector<Slot> slots_;
  std::vector<Ended> ended_;
};

}  // namespace okg::sidecar
