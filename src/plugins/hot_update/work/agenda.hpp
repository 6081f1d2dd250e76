// Decides what the worker does next, and when. In this order: ends of cancelled
// updates, requested updates, reverts that failed before, what this pod should run
// and does not, spares. Has no thread, no clock and no lock of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "base/time/backoff.hpp"
#include "base/time/timestamp.hpp"
#include "plugins/hot_update/update/restored.hpp"
#include "plugins/hot_update/work/job.hpp"
#include "results/entry.hpp"

namespace okg::hot_update {

/// A job that was cancelled while it was queued: that is still to be journaled.
struct Cancelled {
  api::UpdateRequest request;
  Timestamp at{};
};
/// Reverts that the disk did not take before.
struct RetryReverts {};
/// Content that this pod should run and does not.
struct Restore {
  results::Entries wanted;
};
/// Work that shortens the next update, now that nothing else is to be done.
struct MakeSpares {};
using Task = std::variant<Job, Cancelled, RetryReverts, Restore, MakeSpares>;

/// Thread-compatible. Pauses between attempts that nobody
/// waits for grow as pauses.hpp says.
class Agenda {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `seed` makes the pauses repeatable in tests.
  explicit Agenda(std::size_t max_queued, std::uint_fast32_t seed = Backoff::any_seed());

  /// Errors: kConflict when `max_queued` jobs wait already. An order
  /// always finds a place: an annotation bounds how many there can be.
  Result<void> add(Job job);
  /// Takes the job of this id off the queue. Its
  /// Cancelled is a task until note_cancelled().
  std::optional<Job> cancel(const std::string& id, Timestamp at);
  /// The cancellation of this job is journaled.
  void note_cancelled(const std::string& id);
  /// Hears of the end of that job too; false when none is queued.
  bool add_listener(const std::string& id, Job::OnEnd on_end);
  /// All that wait; they wait no longer.
  std::deque<Job> take_jobs();
  /// The content that this pod should run, as its store says.
  void want(results::Entries wanted, Time now);
  /// Whether something is left to revert. To be called after each task.
  void note_reverts(bool are_left, Time now);
  /// `path` has what a live update brought: what was wanted before is out of date.
  void note_live(const std::string& path);
  /// Another tree may be live: see MakeSpares.
  void note_ended() { spares_are_due_ = true; }
  /// How the restore that next() gave ended. `interrupted`: by a live update.
  void note_restored(Restored restored, bool interrupted, Time now);

  /// The next task, taken off the agenda; nothing: there is none before due().
  std::optional<Task> next(Time now);
  /// Whether next() gives one.
  [[nodiscard]] bool has_task(Time now) const;
  /// When there is one by itself; nothing: not before somebody adds one.
  [[nodiscard]] std::optional<Time> due() const;

  [[nodiscard]] const std::deque<Job>& jobs() const { return jobs_; }
  /// Not journaled yet, at most kMaxHistory.
  [[nodiscard]] const std::deque<Cancelled>& cancelled() const { return cancelled_; }
  /// Absent until the store has said it.
  [[nodiscard]] const std::optional<results::Entries>& wanted() const { return wanted_; }
  /// Path that is wanted -> why the last attempt failed.
  [[nodiscard]] const std::map<std::string, Error>& reasons() const { return reasons_; }
  /// Paths of reasons() that nobody has to wait for: see Restored.
  [[nodiscard]] const std::set<std::string>& unusable() const { return unusable_; }

 private:
  /// What is wanted, without what was given up.
  [[nodiscard]] results::Entries to_restore() const;
  [[nodiscard]] bool has_to_restore() const;
  [[nodiscard]] std::optional<Time> restore_due() const;

  std::size_t max_queued_;
  std::deque<Job> jobs_;
  std::deque<Cancelled> cancelled_;
  std::optional<results::Entries> wanted_;
  std::map<std::string, Error> reasons_;
  std::set<std::string> unusable_;
  std::set<std::string> given_up_;  ///< paths of wanted_: see Restored::given_up
  std::optional<Time> restore_at_;  ///< absent: not by itself
  std::optional<Time> revert_at_;   ///< absent: nothing is left to revert
  bool spares_are_due_ = false;
  Backoff restore_backoff_;
  Backoff revert_backoff_;
};

}  // namespace okg::hot_update
