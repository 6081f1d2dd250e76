#include "plugins/hot_update/on_demand_thread.hpp"

#include <utility>

namespace okg::hot_update {

OnDemandThread::OnDemandThread(std::mutex& mutex, Work work)
    : mutex_(mutex), work_(std::move(work)) {}

void OnDemandThread::start() {
  if (std::exchange(runs_, true)) return;
  // Joins the last one, which has nothing left to do.
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void OnDemandThread::request_stop() { thread_.request_stop(); }

void OnDemandThread::join() {
  if (thread_.joinable()) thread_.join();
}

void OnDemandThread::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  work_(lock, stop);
  runs_ = false;
}

}  // namespace okg::hot_update
