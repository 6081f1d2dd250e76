// The one thread that carries out updates: first come, first served, one at a time.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "api/update_request.hpp"
#include "plugins/hot_update/feed.hpp"
#include "plugins/hot_update/update/engine.hpp"
#include "plugins/hot_update/work/agenda.hpp"
#include "plugins/hot_update/work/download_limit.hpp"
#include "plugins/hot_update/work/job.hpp"
#include "plugins/hot_update/work/work_status.hpp"
#include "results/entry.hpp"

namespace okg::hot_update {

/// Thread-safe. Nothing that status() needs is held while the engine works.
class Worker {
 public:
  /// Sends QueueChanged, and UpdateEnded also for what a start finished
  /// or restored. Both references outlive the worker.
  Worker(Engine& engine, std::size_t max_queued, std::chrono::milliseconds max_update,
         const Feed& feed);
  ~Worker();

  /// Starts the thread, which first finishes or reverts what a crash left.
  void start();

  /// Queues an update; `on_end` is called once: see Job.
  /// Errors: kConflict when the queue is full, kStopping.
  Result<void> enqueue(api::UpdateRequest request, Job::OnEnd on_end);
  /// Queues an order. Errors: kStopping.
  Result<void> enqueue(Job job);
  /// Cancels an update that is queued or not live yet. `on_end`
  /// is called once: the outcome is kCancelled, unless it ended
  /// by itself meanwhile. Errors: kNotFound, no such update is
  /// queued or in progress; kRefused: it is too late.
  Result<void> cancel(const std::string& id, Job::OnEnd on_end);
  /// Hears of the end of an update as its caller does;
  /// false when it is neither queued nor in progress.
  bool add_listener(const std::string& id, Job::OnEnd on_end);
  /// Lets the update in progress go live. From here
  /// on it cannot be cancelled. Errors: it was.
  Result<void> may_go_live();
  /// The content that this pod should run; whatever is missing is
  /// downloaded until it is there. Live updates go first.
  /// `ignored` is for the status: path -> why what is stored for it is not wanted.
  void restore(results::Entries wanted, std::map<std::string, Error> ignored = {});
  /// Ends the update in progress (it finishes or
  /// is reverted) and refuses the queued ones.
  void stop();
  /// Nothing: no update is in progress.
  void set_stage(std::optional<Stage> stage);
  /// Why the update in progress has to end before its time; nothing when it has not.
  [[nodiscard]] std::optional<Error> reason_to_end() const;
  [[nodiscard]] WorkStatus status() const;

 private:
  enum class Doing {
    kNothing,        ///< It waits.
    kUpdate,         ///< Somebody asked for it: it goes on when another update comes.
    kInterruptible,  ///< Nobody waits for it: a requested update ends it.
  };
  void run(const std::stop_token& stop);
  /// Waits for the next task; nothing: the worker stops.
  std::optional<Task> take(const std::stop_token& stop);
  void carry_out(Job& job, const std::stop_token& stop);
  /// The update in progress has ended: who looks for it from here
  /// on finds it in the ledger. Returns who is to hear of that.
  std::vector<Job::OnEnd> end_job();
  /// Whether there is something to do for an order.
  [[nodiscard]] bool may_begin(const Job& job);
  Outcome update(const Job& job, const std::stop_token& stop);
  void carry_out(Cancelled& task, const std::stop_token& stop);
  void carry_out(RetryReverts& task, const std::stop_token& stop);
  void carry_out(Restore& task, const std::stop_token& stop);
  void carry_out(MakeSpares& task, const std::stop_token& stop);
  [[nodiscard]] static Agenda::Time now() { return std::chrono::steady_clock::now(); }

  Engine& engine_;
  DownloadLimit download_limit_;
  const Feed& feed_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Agenda agenda_;
  std::map<std::string, Error> ignored_;
  std::optional<api::UpdateRequest> in_progress_;
  std::optional<Stage> stage_;
  enum class Cancelling {
    kPossible,                            ///< It is not live yet.
    kAsked,                               ///< It was cancelled.
    kTooLate,                             ///< Its content may be live.
  } cancelling_ = Cancelling::kPossible;  ///< of the update in progress
  std::vector<Job::OnEnd> listeners_;     ///< of the update in progress, beside its caller
  Doing doing_ = Doing::kInterruptible;
  std::stop_source current_;   ///< of the task that runs
  bool is_recovered_ = false;  ///< what a crash left is finished or reverted
  bool is_stopping_ = false;
  std::jthread thread_;
};

}  // namespace okg::hot_update
