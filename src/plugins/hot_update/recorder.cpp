#include "plugins/hot_update/recorder.hpp"

#include <utility>

#include "base/backoff.hpp"
#include "base/log.hpp"

namespace okg::hot_update {

using std::chrono::milliseconds;

namespace {

// Of attempts that nobody waits for. What was mended is noticed this much later at most; a new
// update tries at once.
constexpr milliseconds kFirstDelay{1'000};
constexpr milliseconds kMaxDelay{30'000};

}  // namespace

Recorder::Recorder(std::unique_ptr<results::ResultStore> store, Ledger& ledger,
                   OnDesired on_desired, OnUnrecorded on_unrecorded)
    : store_(std::move(store)),
      ledger_(ledger),
      on_desired_(std::move(on_desired)),
      on_unrecorded_(std::move(on_unrecorded)),
      is_written_(store_->is_durable()) {}

void Recorder::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Recorder::~Recorder() { stop(milliseconds(0)); }

void Recorder::submit(std::uint64_t seq, OnRecorded done) {
  {
    const std::lock_guard lock(mutex_);
    if (!ended_) {
      on_unrecorded_(true);
      waiting_.push_back({seq, std::move(done)});
      changed_.notify_all();
      return;
    }
  }
  done({false, "the sidecar is stopping; the next start records it"});
}

void Recorder::forget(std::optional<std::string> path, OnForgotten done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && !ended_) {
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

void Recorder::stop(milliseconds grace) {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, grace, [this] { return ended_; });
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::optional<std::string> Recorder::last_error() const {
  const std::lock_guard lock(mutex_);
  return last_error_;
}

/// Waits for something to do; false when the thread should end.
bool Recorder::wait_for_work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto has_work = [this] {
    return stopping_ || !waiting_.empty() || !forgets_.empty() ||
           (!retry_at_ && (!knows_desired_ || ledger_.state()->unrecorded()));
  };
  if (retry_at_)
    changed_.wait_until(lock, stop, *retry_at_, has_work);
  else
    changed_.wait(lock, stop, has_work);
  if (stop.stop_requested()) return false;
  return !stopping_ || !waiting_.empty() || !forgets_.empty() || ledger_.state()->unrecorded();
}

void Recorder::run(const std::stop_token& stop) {
  Backoff backoff(kFirstDelay, kMaxDelay);
  Backoff overload(kMaxDelay, kMaxDelay);
  on_unrecorded_(ledger_.state()->unrecorded().has_value());
  while (wait_for_work(stop)) {
    forget_all(stop);
    const auto outcome = attempt(stop);
    if (!outcome)
      log::warn("results could not be recorded yet", {{"error", outcome.error().message}});
    {
      const std::lock_guard lock(mutex_);
      on_unrecorded_(ledger_.state()->unrecorded().has_value());
      retry_at_.reset();
      last_error_.reset();
      if (outcome) {
        backoff.reset();
      } else {
        last_error_ = outcome.error().message;
        // Who times out is one of many: all of them coming back soon would keep the API server
        // where it is.
        const bool overloaded = outcome.error().code == ErrorCode::kTimeout;
        retry_at_ =
            std::chrono::steady_clock::now() + (overloaded ? overload.next() : backoff.next());
      }
    }
    answer(outcome, ledger_.state()->recorded_seq);
    const std::lock_guard lock(mutex_);
    if (stopping_ && waiting_.empty()) break;
  }
  forget_all(stop);
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
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
    waiting.done({written, written || outcome ? std::string() : outcome.error().message});
  }
}

Result<void> Recorder::attempt(const std::stop_token& stop) {
  Result<void> known;
  if (!knows_desired_) {
    const auto desired = store_->read(stop);
    if (desired)
      learn_desired(*desired);
    else
      known = desired.error().in("reading what this pod should run");
    if (!known && (is_transient(known.error().code) || known.error().code == ErrorCode::kStopping))
      return known;
  }
  // Who may not read everything may still be allowed to write where operators look.
  const auto last = is_written_ ? ledger_.state()->unrecorded() : ledger_.state()->last();
  if (!last) return known;
  if (auto written = store_->write(record_of(*last), stop); !written) return written;
  is_written_ = true;
  ledger_.mark_recorded(last->seq);
  return known;
}

void Recorder::learn_desired(results::Desired desired) {
  // What such a store has lost with the power, the ledger knows.
  if (!store_->is_durable()) {
    const auto state = ledger_.state();
    for (const auto& [path, file] : state->live) desired.own[path] = file.entry;
  }
  on_desired_(desired);
  const std::lock_guard lock(mutex_);
  knows_desired_ = true;
}

results::Record Recorder::record_of(const Outcome& last) const {
  results::Record record;
  record.last = {last.version,    std::string(to_string(last.kind)),
                 last.message,    last.url,
                 last.path,       last.sha256,
                 last.finished_at};
  const auto state = ledger_.state();
  for (const auto& [path, file] : state->live) {
    record.files[path] = file.entry;
    // The store moves latest only forward in time, so that naming all of them mends one that got
    // lost. What the original sidecar left, asked for at the epoch, is one pod's alone: the others
    // have entries of their own.
    if (file.entry.scope == results::Scope::kWorkload && file.entry.requested_at > Timestamp{})
      record.latest[path] = file.entry;
  }
  return record;
}

}  // namespace okg::hot_update
