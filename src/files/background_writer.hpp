// Writes behind whoever reads: an archive is unpacked
// and hashed while what came of it is written.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/error.hpp"

namespace okg::files {

/// Runs tasks one after the other on a thread of its own, which begins with
/// the first one. After a task that failed none runs. Those that wait when
/// it ends are dropped. Thread-compatible.
class BackgroundWriter {
 public:
  using Task = std::function<Result<void>()>;

  /// `max_bytes`: of content that waits to be written, but for one task's.
  explicit BackgroundWriter(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Waits while too much waits. The error is that of an earlier task.
  Result<void> add(std::size_t bytes, Task task);
  /// Waits until every task has run. The error is that of one of them.
  Result<void> wait();

 private:
  struct Waiting {
    std::size_t bytes = 0;
    Task task;
  };

  void run(const std::stop_token& stop);

  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Waiting> waiting_;  ///< the first one runs
  std::size_t bytes_ = 0;        ///< of all that wait
  Result<void> done_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace okg::files
