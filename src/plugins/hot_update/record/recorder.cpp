#include "plugins/hot_update/record/recorder.hpp"

#include <malloc.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "plugins/hot_update/pauses.hpp"

namespace okg::hot_update {

using std::chrono::milliseconds;

Recorder::Recorder(std::unique_ptr<results::ResultStore> store, Ledger& ledger, const Feed& feed)
    : store_(std::move(store)),
      ledger_(ledger),
      feed_(feed),
      reader_(*store_, ledger,
              [&feed](const results::Wanted& wanted) { feed.send(WantedKnown{wanted}); }),
      writer_(*store_, ledger),
      backoff_(kFirstPause, kMaxPause),
      overload_backoff_(kMaxPause, kMaxPause),
      told_seq_(ledger.state()->last_seq) {}

void Recorder::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Recorder::~Recorder() { stop(milliseconds(0)); }

void Recorder::record(std::uint64_t seq, OnRecorded done) {
  {
    const std::lock_guard lock(mutex_);
    if (!has_ended_) {
      told_seq_ = std::max(told_seq_, seq);
      waiting_.push_back({seq, std::move(done)});
      changed_.notify_all();
      return;
    }
  }
  done({false, fail(ErrorCode::kStopping, "the sidecar is stopping; the next start records it")});
}

void Recorder::note_orders() {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void Recorder::forget(std::optional<std::string> path, OnForgotten done) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_stopping_ && !has_ended_) {
      forgets_.push_back({std::move(path), std::move(done)});
      changed_.notify_all();
      return;
    }
  }
  done(fail(ErrorCode::kStopping, "the sidecar is stopping; send it again when it is back"));
}

void Recorder::forget_all(const std::stop_token& stop) {
  std::vector<Forget> forgets;
  {
    const std::lock_guard lock(mutex_);
    forgets.swap(forgets_);
  }
  for (auto& each : forgets) {
    const auto forgotten = store_->forget(each.path, stop);
    if (forgotten)
      log::info("latest forgotten", {{"paths", forgotten->size()},
                                     {"path", each.path ? *each.path : std::string("all")}});
    each.done(forgotten);
  }
}

void Recorder::leave(const std::stop_token& stop) {
  if (last_error()) return;  // a store that does not answer holds up no stop
  if (const auto left = store_->leave(stop); !left && !stop.stop_requested())
    log::warn("the results of this pod, which is deleted, stay in the store",
              {{"reason", to_string(shown_reason(left.error()))}, {"error", left.error().message}});
}

void Recorder::stop(milliseconds grace) {
  {
    std::unique_lock lock(mutex_);
    is_stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, grace, [this] { return has_ended_; });
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::optional<Error> Recorder::last_error() const {
  const std::lock_guard lock(mutex_);
  return last_error_;
}

/// Waits for something to do; false when the thread should end.
bool Recorder::wait_for_work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto has_callers = [this] { return !waiting_.empty() || !forgets_.empty(); };
  const auto has_work = [&] {
    const bool may_try = !retry_at_;
    return is_stopping_ || has_callers() ||
           (may_try && (!reader_.is_done() || writer_.has_work(told_seq_)));
  };
  if (retry_at_)
    changed_.wait_until(lock, stop, *retry_at_, has_work);
  else
    changed_.wait(lock, stop, has_work);
  if (stop.stop_requested()) return false;
  return !is_stopping_ || has_callers() || writer_.has_work(told_seq_);
}

void Recorder::show_unrecorded() const {
  feed_.send(RecordTried{ledger_.state()->unrecorded().has_value()});
}

void Recorder::schedule_retry(const Result<void>& outcome) {
  const std::lock_guard lock(mutex_);
  retry_at_.reset();
  last_error_.reset();
  if (outcome) {
    backoff_.reset();
    return;
  }
  last_error_ = outcome.error();
  // A timeout usually means that many pods write
  // at once: the API server needs time to recover.
  auto& backoff = outcome.error().code == ErrorCode::kTimeout ? overload_backoff_ : backoff_;
  retry_at_ = std::chrono::steady_clock::now() + backoff.next();
}

void Recorder::run(const std::stop_token& stop) {
  show_unrecorded();
  while (wait_for_work(stop)) {
    show_unrecorded();
    forget_all(stop);
    const auto outcome = attempt(stop);
    if (!outcome)
      log::warn("results could not be recorded yet",
                {{"reason", to_string(shown_reason(outcome.error()))},
                 {"error", outcome.error().message}});
    show_unrecorded();
    schedule_retry(outcome);
    answer(outcome, ledger_.state()->recorded_seq);
    ::malloc_trim(0);  // the end of an update: what it took would stay while nothing happens
    const std::lock_guard lock(mutex_);
    if (is_stopping_ && waiting_.empty()) break;
  }
  forget_all(stop);
  leave(stop);
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
  }
  answer(fail(ErrorCode::kStopping, "the sidecar is stopping; the next start records it"),
         ledger_.state()->recorded_seq);
}

void Recorder::answer(const Result<void>& outcome, std::uint64_t recorded_seq) {
  std::vector<Waiting> answered;
  {
    const std::lock_guard lock(mutex_);
    // After a success, who was added while it was written waits for the next one.
    std::erase_if(waiting_, [&](Waiting& waiting) {
      if (outcome && waiting.seq > recorded_seq) return false;
      answered.push_back(std::move(waiting));
      return true;
    });
  }
  for (auto& waiting : answered) {
    const bool written = waiting.seq <= recorded_seq;
    waiting.done({written, written || outcome ? Error() : outcome.error()});
  }
}

std::uint64_t Recorder::told_seq() const {
  const std::lock_guard lock(mutex_);
  return told_seq_;
}

Result<void> Recorder::attempt(const std::stop_token& stop) {
  auto read = reader_.read(stop);
  if (!read && (is_transient(read.error().code) || read.error().code == ErrorCode::kStopping))
    return read;
  // Even if we may not read the ConfigMap, we may be able to patch the pod.
  if (auto written = writer_.write(told_seq(), stop); !written) return written;
  return read;
}

}  // namespace okg::hot_update
