#include "plugins/hot_update/recorder.hpp"

#include <utility>

#include "base/backoff.hpp"
#include "base/log.hpp"

namespace okg::hot_update {

using std::chrono::milliseconds;

Recorder::Recorder(std::unique_ptr<store::ResultStore> store, Ledger& ledger, OnDesired on_desired)
    : store_(std::move(store)), ledger_(ledger), on_desired_(std::move(on_desired)) {}

void Recorder::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Recorder::~Recorder() { stop(milliseconds(0)); }

void Recorder::submit(std::uint64_t seq, OnRecorded done) {
  {
    const std::lock_guard lock(mutex_);
    if (!ended_) {
      waiting_.push_back({seq, std::move(done)});
      changed_.notify_all();
      return;
    }
  }
  done({false, "the sidecar is stopping; the next start records it"});
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
    return stopping_ || !waiting_.empty() || (!retry_at_ && (!desired_ || ledger_.unrecorded()));
  };
  if (retry_at_)
    changed_.wait_until(lock, stop, *retry_at_, has_work);
  else
    changed_.wait(lock, stop, has_work);
  if (stop.stop_requested()) return false;
  return !stopping_ || !waiting_.empty() || ledger_.unrecorded();
}

void Recorder::run(const std::stop_token& stop) {
  Backoff backoff(milliseconds(1'000), milliseconds(60'000));
  while (wait_for_work(stop)) {
    const auto last = ledger_.unrecorded();
    const auto outcome = attempt(stop);
    if (outcome && last) ledger_.mark_recorded(last->seq);
    if (!outcome) log::warn("results could not be recorded yet", {{"error", outcome.error().message}});
    {
      const std::lock_guard lock(mutex_);
      retry_at_.reset();
      last_error_.reset();
      if (outcome) {
        backoff.reset();
      } else {
        last_error_ = outcome.error().message;
        retry_at_ = std::chrono::steady_clock::now() + backoff.next();
      }
    }
    answer(outcome, ledger_.recorded_seq());
    const std::lock_guard lock(mutex_);
    if (stopping_ && waiting_.empty()) break;
  }
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  answer(fail(ErrorCode::kStopping, "the sidecar is stopping; the next start records it"), ledger_.recorded_seq());
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
  if (!desired_) {
    auto desired = store_->read(stop);
    if (!desired) return fail(desired.error().in("reading what this pod should run"));
    desired_ = std::move(*desired);
    on_desired_(*desired_);
  }
  const auto last = ledger_.unrecorded();
  if (!last) return {};
  return store_->write(record_of(*last), stop);
}

store::Record Recorder::record_of(const Outcome& last) const {
  store::Record record;
  record.last = {last.version,    std::string(to_string(last.kind)), last.message, last.url, last.path, last.sha256,
                 last.finished_at};
  record.files = desired_->own;
  for (const auto& [path, file] : ledger_.all_live()) {
    record.files[path] = file.entry;
    // The store moves latest only forward in time, so that naming all of them mends one that got lost.
    if (file.entry.scope == store::Scope::kWorkload) record.latest[path] = file.entry;
  }
  return record;
}

}  // namespace okg::hot_update
