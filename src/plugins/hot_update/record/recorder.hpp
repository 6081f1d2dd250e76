// Record: carries outcomes from the ledger to the store, for
// as long as that takes. Owns the store and its one thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/time/backoff.hpp"
#include "plugins/hot_update/feed.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/record/recorded.hpp"
#include "plugins/hot_update/record/result_writer.hpp"
#include "plugins/hot_update/record/wanted_reader.hpp"
#include "results/result_store.hpp"

namespace okg::hot_update {

/// Thread-safe.
class Recorder {
 public:
  using OnRecorded = std::function<void(Recorded)>;

  /// Sends WantedKnown, and RecordTried before and after each
  /// attempt, on its thread. Both references outlive the recorder.
  Recorder(std::unique_ptr<results::ResultStore> store, Ledger& ledger, const Feed& feed);
  ~Recorder();

  /// Starts the thread, which learns what this pod should run,
  /// retrying without end, and writes what is not recorded yet.
  void start();

  /// Tries to write what the ledger holds up to
  /// `seq`, and nothing later; `done` hears of the first attempt's end.
  void record(std::uint64_t seq, OnRecorded done);
  /// The ledger's orders have changed.
  void note_orders();
  /// Takes a path, or all, out of the workload's latest; `done` hears of the paths.
  using OnForgotten = std::function<void(const Result<std::set<std::string>>&)>;
  void forget(std::optional<std::string> path, OnForgotten done);
  /// Writes what can be written within `grace`, then ends the thread.
  void stop(std::chrono::milliseconds grace);
  /// Why the last attempt failed; nothing when it did not.
  [[nodiscard]] std::optional<Error> last_error() const;

 private:
  struct Waiting {
    std::uint64_t seq;
    OnRecorded done;
  };
  struct Forget {
    std::optional<std::string> path;
    OnForgotten done;
  };
  void run(const std::stop_token& stop);
  void forget_all(const std::stop_token& stop);
  void leave(const std::stop_token& stop);
  bool wait_for_work(const std::stop_token& stop);
  Result<void> attempt(const std::stop_token& stop);
  [[nodiscard]] std::uint64_t told_seq() const;
  void show_unrecorded() const;
  void schedule_retry(const Result<void>& outcome);
  void answer(const Result<void>& outcome, std::uint64_t recorded_seq);

  std::unique_ptr<results::ResultStore> store_;
  Ledger& ledger_;
  const Feed& feed_;
  // Used by the recorder's thread alone.
  WantedReader reader_;
  ResultWriter writer_;
  Backoff backoff_;
  Backoff overload_backoff_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  /// Outcomes up to it may be written: those of earlier starts, and what record() was told of.
  std::uint64_t told_seq_;
  std::vector<Waiting> waiting_;
  std::vector<Forget> forgets_;
  std::optional<Error> last_error_;
  std::optional<std::chrono::steady_clock::time_point> retry_at_;
  bool is_stopping_ = false;
  bool has_ended_ = false;
  std::jthread thread_;
};

}  // namespace okg::hot_update
