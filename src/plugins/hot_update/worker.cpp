#include "plugins/hot_update/worker.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace okg::hot_update {

using Clock = std::chrono::steady_clock;

namespace {

// Between attempts to restore what is missing.
constexpr std::chrono::milliseconds kFirstDelay{1'000};
constexpr std::chrono::milliseconds kMaxDelay{30'000};

}  // namespace

Worker::Worker(Engine& engine, std::size_t max_queued, std::chrono::milliseconds max_update,
               OnEnd on_restored)
    : engine_(engine),
      max_queued_(max_queued),
      turn_limit_(max_update),
      on_restored_(std::move(on_restored)) {}

void Worker::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Worker::~Worker() { stop(); }

Result<void> Worker::enqueue(api::UpdateRequest request, OnEnd on_end) {
  const std::lock_guard lock(mutex_);
  if (stopping_)
    return fail(ErrorCode::kStopping,
                "the sidecar is stopping; send the update again when it is back");
  if (queue_.size() >= max_queued_)
    return fail(ErrorCode::kConflict,
                std::to_string(queue_.size()) +
                    " updates are waiting already (maxQueued); send it again later");
  queue_.push_back({std::move(request), std::move(on_end)});
  turn_limit_.set_waiting(queue_.size());
  if (restoring_)
    current_.request_stop();  // a live update does not wait behind a source that is down
  changed_.notify_all();
  return {};
}

void Worker::restore(results::Files wanted) {
  const std::lock_guard lock(mutex_);
  wanted_ = std::move(wanted);
  restore_at_ = Clock::now();
  changed_.notify_all();
}

void Worker::stop() {
  std::deque<Job> refused;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    refused.swap(queue_);
    current_.request_stop();
    changed_.notify_all();
  }
  for (auto& job : refused) {
    Outcome outcome;
    outcome.version = job.request.version;
    outcome.url = job.request.url;
    outcome.path = job.request.path;
    outcome.error = ErrorCode::kStopping;
    outcome.message =
        "the sidecar is stopping and this update had not begun; send it again when it is back";
    job.on_end(outcome);
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Worker::set_stage(std::optional<Stage> stage) {
  const std::lock_guard lock(mutex_);
  stage_ = stage;
  turn_limit_.set_stage(stage);
}

WorkStatus Worker::status() const {
  const std::lock_guard lock(mutex_);
  WorkStatus status;
  status.in_progress = in_progress_;
  status.stage = stage_;
  for (const auto& job : queue_) status.queued.push_back(job.request);
  status.restored = resolved_ && wanted_ && wanted_->empty();
  status.knows_wanted = wanted_.has_value();
  if (!wanted_) return status;
  for (const auto& [path, entry] : *wanted_) {
    const auto why = reason_restored_.find(path);
    status.missing[path] = why == reason_restored_.end() ? "" : why->second;
  }
  return status;
}

std::optional<Clock::time_point> Worker::next_due() const {
  const auto restore_at = wanted_ && !wanted_->empty() ? restore_at_ : std::nullopt;
  if (!restore_at || !undo_at_) return restore_at ? restore_at : undo_at_;
  return std::min(*restore_at, *undo_at_);
}

void Worker::run(const std::stop_token& stop) {
  Backoff backoff(kFirstDelay, kMaxDelay);
  Backoff undo_backoff(kFirstDelay, kMaxDelay);
  {
    std::unique_lock lock(mutex_);
    const auto token = current_.get_token();
    lock.unlock();
    for (const auto& outcome : engine_.recovery().resolve_interrupted(token)) on_restored_(outcome);
  }
  std::unique_lock lock(mutex_);
  resolved_ = true;
  for (;;) {
    if (!engine_.reverts().are_left()) {
      undo_at_.reset();
      undo_backoff.reset();
    } else if (!undo_at_) {
      undo_at_ = Clock::now() + undo_backoff.next();
    }
    const auto is_due = [this] { return next_due() && Clock::now() >= *next_due(); };
    const auto has_work = [&] { return stopping_ || !queue_.empty() || is_due(); };
    if (const auto at = next_due())
      changed_.wait_until(lock, stop, *at, has_work);
    else
      changed_.wait(lock, stop, has_work);
    if (stopping_) return;
    if (!queue_.empty()) {
      auto job = std::move(queue_.front());
      queue_.pop_front();
      in_progress_ = job.request;
      current_ = std::stop_source();
      turn_limit_.set_waiting(queue_.size());
      turn_limit_.begin(current_);
      lock.unlock();
      run_job(std::move(job));
      lock.lock();
      turn_limit_.end();
      in_progress_.reset();
    } else if (is_due()) {
      const bool undoes = undo_at_ && Clock::now() >= *undo_at_;
      current_ = std::stop_source();
      restoring_ = true;
      const auto token = current_.get_token();
      lock.unlock();
      std::optional<Clock::time_point> next;
      if (undoes)
        engine_.reverts().retry(token);
      else
        next = run_restore(backoff);
      lock.lock();
      restoring_ = false;
      (undoes ? undo_at_ : restore_at_) = next;
    }
  }
}

void Worker::run_job(Job job) {
  std::stop_token token;
  {
    const std::lock_guard lock(mutex_);
    token = current_.get_token();
    if (stopping_) current_.request_stop();
    // The newest request wins, also over a latest whose time a faster clock took.
    if (wanted_)
      if (const auto older = wanted_->find(job.request.path); older != wanted_->end())
        job.request.requested_at = std::max(
            job.request.requested_at, older->second.requested_at + std::chrono::microseconds(1));
  }
  const auto outcome = engine_.pipeline().update(job.request, token);
  if (outcome.kind == OutcomeKind::kSucceeded || outcome.kind == OutcomeKind::kUnchanged) {
    const std::lock_guard lock(mutex_);
    if (wanted_) wanted_->erase(outcome.path);
  }
  job.on_end(outcome);
}

std::optional<Clock::time_point> Worker::run_restore(Backoff& backoff) {
  results::Files wanted;
  std::stop_token token;
  {
    const std::lock_guard lock(mutex_);
    wanted = *wanted_;
    token = current_.get_token();
    if (stopping_ || !queue_.empty()) return Clock::now();
  }
  auto restored = engine_.recovery().restore(wanted, token);
  const bool interrupted = token.stop_requested();  // by a live update
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::move(restored.missing);
    if (!interrupted) reason_restored_ = std::move(restored.reason);
  }
  for (const auto& outcome : restored.outcomes) on_restored_(outcome);
  if (interrupted) return Clock::now();
  if (restored.gave_up) return std::nullopt;  // trying it once more would only disturb the game
  return Clock::now() + backoff.next();
}

}  // namespace okg::hot_update
