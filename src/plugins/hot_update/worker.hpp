// The one thread that carries out updates: first come, first served, one at a time, with a bounded
// queue.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "api/update_request.hpp"
#include "base/backoff.hpp"
#include "plugins/hot_update/turn_limit.hpp"
#include "plugins/hot_update/update/engine.hpp"
#include "results/result_store.hpp"

namespace okg::hot_update {

/// What an operator sees of the work at this moment.
struct WorkStatus {
  std::optional<api::UpdateRequest> in_progress;
  std::optional<Stage> stage;  ///< of what is in progress
  std::vector<api::UpdateRequest> queued;
  bool restored = false;
  bool knows_wanted = false;  ///< the store has said what this pod should run
  /// Path that is not restored yet -> why the last attempt failed; empty: none yet.
  std::map<std::string, std::string> missing;
};

/// Thread-safe.
class Worker {
 public:
  using OnEnd = std::function<void(const Outcome&)>;

  /// `on_restored` hears of outcomes that nobody asked for: of a start. The engine outlives the
  /// worker.
  Worker(Engine& engine, std::size_t max_queued, std::chrono::milliseconds max_update,
         OnEnd on_restored);
  ~Worker();

  /// Starts the thread, which first finishes or undoes what a crash left.
  void start();

  /// Queues an update; `on_end` is called once, on the worker's thread, when it ended.
  /// Errors: kConflict when the queue is full, kStopping.
  Result<void> enqueue(api::UpdateRequest request, OnEnd on_end);
  /// What this pod should run; whatever is missing is fetched until it is there. Live updates go
  /// first.
  void restore(results::Files wanted);
  /// Ends the update under way (it finishes or is undone) and refuses the queued ones.
  void stop();
  /// Nothing: no update is in progress.
  void set_stage(std::optional<Stage> stage);
  /// Why the update in progress has to end before its time; nothing when it has not.
  [[nodiscard]] std::optional<Error> reason_to_end() const { return turn_limit_.reason(); }
  [[nodiscard]] WorkStatus status() const;

 private:
  struct Job {
    api::UpdateRequest request;
    OnEnd on_end;
  };
  void run(const std::stop_token& stop);
  void run_job(Job job);
  /// When to go on with what is still missing.
  std::optional<std::chrono::steady_clock::time_point> run_restore(Backoff& backoff);
  /// When there is something to do by itself. Needs the lock.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_due() const;

  Engine& engine_;
  std::size_t max_queued_;
  TurnLimit turn_limit_;
  OnEnd on_restored_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> queue_;
  std::optional<api::UpdateRequest> in_progress_;
  std::optional<Stage> stage_;
  std::optional<results::Files>
      wanted_;  ///< absent until the store has said what this pod should run
  std::map<std::string, std::string> reason_restored_;
  std::optional<std::chrono::steady_clock::time_point> restore_at_;  ///< absent: not by itself
  std::optional<std::chrono::steady_clock::time_point>
      undo_at_;               ///< absent: there is nothing to put back
  std::stop_source current_;  ///< of the job or the restore that runs
  bool resolved_ = false;     ///< what a crash left is finished or undone
  bool restoring_ = false;
  bool stopping_ = false;
  std::jthread thread_;
};

}  // namespace okg::hot_update
