// Callers who wait for the end of an update, each for its own time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "plugins/hot_update/on_demand_thread.hpp"

namespace okg::hot_update {

/// Thread-safe. Has a thread while somebody waits, and none otherwise.
class Waiters {
 public:
  static constexpr std::size_t kMaxWaiting = 64;
  /// Called once, on any thread: the update has ended,
  /// or the time has passed, or the sidecar stops.
  using OnEnd = std::function<void()>;

  ~Waiters() { stop(); }
  /// Errors: kConflict, kMaxWaiting wait already.
  Result<void> add(std::string id, std::chrono::milliseconds patience, OnEnd on_end);
  /// The update has ended.
  void end(const std::string& id);
  /// Nobody waits any longer, and nobody will.
  void stop();

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Waiting {
    std::string id;
    Time until;
    OnEnd on_end;
  };
  void run(std::unique_lock<std::mutex>& lock);
  /// Needs `mutex_`.
  std::vector<Waiting> take(const std::function<bool(const Waiting&)>& which);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  bool is_stopping_ = false;
  OnDemandThread thread_{mutex_, [this](auto& lock, const auto&) { run(lock); }};
};

}  // namespace okg::hot_update
