#include "plugins/hot_update/work/agenda.hpp"

#include <algorithm>
#include <utility>

#include "plugins/hot_update/ledger/ledger_state.hpp"
#include "plugins/hot_update/pauses.hpp"
#include "plugins/hot_update/update/overlap.hpp"

namespace okg::hot_update {

Agenda::Agenda(std::size_t max_queued, std::uint_fast32_t seed)
    : max_queued_(max_queued),
      restore_backoff_(kFirstPause, kMaxPause, seed),
      revert_backoff_(kFirstPause, kMaxPause, seed) {}

Result<void> Agenda::add(Job job) {
  if (!job.order && jobs_.size() >= max_queued_)
    return fail(ErrorCode::kConflict, Reason::kQueueFull, jobs_.size(),
                " updates are waiting already (maxQueued); send it again later");
  jobs_.push_back(std::move(job));
  return {};
}

std::optional<Job> Agenda::cancel(const std::string& id, Timestamp at) {
  const auto found =
      std::ranges::find_if(jobs_, [&](const Job& job) { return job.request.id == id; });
  if (found == jobs_.end()) return std::nullopt;
  auto job = std::move(*found);
  jobs_.erase(found);
  // The journal would drop older ones just as well.
  if (cancelled_.size() == LedgerState::kMaxHistory) cancelled_.pop_front();
  cancelled_.push_back({job.request, at});
  return job;
}

void Agenda::note_cancelled(const std::string& id) {
  std::erase_if(cancelled_, [&](const Cancelled& each) { return each.request.id == id; });
}

bool Agenda::add_listener(const std::string& id, Job::OnEnd on_end) {
  for (auto& job : jobs_) {
    if (job.request.id != id) continue;
    job.on_end = [first = std::move(job.on_end), second = std::move(on_end)](const auto& ended) {
      first(ended);
      second(ended);
    };
    return true;
  }
  return false;
}

std::deque<Job> Agenda::take_jobs() { return std::exchange(jobs_, {}); }

void Agenda::want(results::Entries wanted, Time now) {
  wanted_ = std::move(wanted);
  given_up_.clear();
  restore_at_ = now;
}

void Agenda::note_reverts(bool are_left, Time now) {
  if (!are_left) {
    revert_at_.reset();
    revert_backoff_.reset();
  } else if (!revert_at_) {
    revert_at_ = now + revert_backoff_.next();
  }
}

void Agenda::note_live(const std::string& path) {
  if (wanted_) wanted_->erase(path);
  given_up_.erase(path);
}

void Agenda::note_restored(Restored restored, bool interrupted, Time now) {
  // Trying them once more would only disturb the game.
  for (const auto& path : given_up_) {
    restored.missing[path] = wanted_->at(path);
    restored.reason[path] = reasons_[path];
  }
  wanted_ = std::move(restored.missing);
  given_up_.merge(restored.given_up);
  if (interrupted) {
    // Of the others it did not see whether they can be had.
    for (const auto& path : given_up_) reasons_[path] = restored.reason[path];
    restore_at_ = now;
    return;
  }
  reasons_ = std::move(restored.reason);
  unusable_ = std::move(restored.unusable);
  if (has_to_restore()) restore_at_ = now + restore_backoff_.next();
}

bool Agenda::has_to_restore() const {
  return wanted_ && std::ranges::any_of(*wanted_, [&](const auto& each) {
           return !given_up_.contains(each.first);
         });
}

results::Entries Agenda::to_restore() const {
  auto entries = wanted_.value_or(results::Entries());
  for (const auto& path : given_up_) entries.erase(path);
  return entries;
}

std::optional<Agenda::Time> Agenda::restore_due() const {
  return has_to_restore() ? restore_at_ : std::nullopt;
}

std::optional<Task> Agenda::next(Time now) {
  if (!cancelled_.empty()) return cancelled_.front();
  if (!jobs_.empty()) {
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    // The newest request wins, also over a latest whose time a faster clock took.
    if (wanted_)
      for (const auto& [path, older] : *wanted_)
        if (overlap(path, job.request.path))
          job.request.requested_at =
              std::max(job.request.requested_at, just_after(older.requested_at));
    return job;
  }
  if (revert_at_ && now >= *revert_at_) {
    revert_at_.reset();
    return RetryReverts{};
  }
  if (const auto due = restore_due(); due && now >= *due) {
    restore_at_.reset();
    return Restore{to_restore()};
  }
  if (std::exchange(spares_are_due_, false)) return MakeSpares{};
  return std::nullopt;
}

bool Agenda::has_task(Time now) const {
  const auto at = due();
  return !cancelled_.empty() || !jobs_.empty() || spares_are_due_ || (at && now >= *at);
}

std::optional<Agenda::Time> Agenda::due() const {
  const auto restore = restore_due();
  if (!restore || !revert_at_) return restore ? restore : revert_at_;
  return std::min(*restore, *revert_at_);
}

}  // namespace okg::hot_update
