#include "plugins/hot_update/work/worker.hpp"

#include <chrono>
#include <deque>
#include <utility>
#include <variant>

#include "api/update_id.hpp"
#include "plugins/hot_update/update/run/cancelled.hpp"

namespace okg::hot_update {

Worker::Worker(Engine& engine, std::size_t max_queued, std::chrono::milliseconds max_update,
               const Feed& feed)
    : engine_(engine), download_limit_(max_update), feed_(feed), agenda_(max_queued) {}

void Worker::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Worker::~Worker() { stop(); }

Result<void> Worker::enqueue(api::UpdateRequest request, Job::OnEnd on_end) {
  return enqueue(Job{std::move(request), std::move(on_end)});
}

Result<void> Worker::enqueue(Job job) {
  auto& request = job.request;
  if (request.id.empty()) request.id = api::make_update_id(request.requested_at);
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_)
      return fail(ErrorCode::kStopping,
                  "the sidecar is stopping; send the update again when it is back");
    if (auto ok = agenda_.add(std::move(job)); !ok) return ok;
    download_limit_.set_waiting(agenda_.jobs().size());
    // A live update does not wait behind a source
    // that is down. What a crash left comes first.
    if (doing_ == Doing::kInterruptible && is_recovered_) current_.request_stop();
    changed_.notify_all();
  }
  feed_.send(QueueChanged{});
  return {};
}

Result<void> Worker::cancel(const std::string& id, Job::OnEnd on_end) {
  const auto at = okg::now();
  std::optional<Job> job;
  {
    const std::lock_guard lock(mutex_);
    if (in_progress_ && in_progress_->id == id) {
      if (cancelling_ == Cancelling::kTooLate)
        return fail(ErrorCode::kRefused, Reason::kTooLate,
                    "its content is live or about to be; wait for its end, or roll back then");
      cancelling_ = Cancelling::kAsked;
      listeners_.push_back(std::move(on_end));
      current_.request_stop();
      return {};
    }
    job = agenda_.cancel(id, at);
    if (!job) return fail(ErrorCode::kNotFound, Reason::kUnknownUpdate, "it is not queued");
    download_limit_.set_waiting(agenda_.jobs().size());
    changed_.notify_all();
  }
  feed_.send(QueueChanged{});
  const auto ended = cancelled_outcome(job->request, at);
  job->on_end(ended);
  on_end(ended);
  return {};
}

bool Worker::add_listener(const std::string& id, Job::OnEnd on_end) {
  const std::lock_guard lock(mutex_);
  if (in_progress_ && in_progress_->id == id) {
    listeners_.push_back(std::move(on_end));
    return true;
  }
  return agenda_.add_listener(id, std::move(on_end));
}

Result<void> Worker::may_go_live() {
  const std::lock_guard lock(mutex_);
  if (cancelling_ == Cancelling::kAsked) return cancelled();
  cancelling_ = Cancelling::kTooLate;
  return {};
}

std::optional<Error> Worker::reason_to_end() const {
  {
    const std::lock_guard lock(mutex_);
    if (cancelling_ == Cancelling::kAsked) return cancelled();
  }
  return download_limit_.reason();
}

void Worker::restore(results::Entries wanted, std::map<std::string, Error> ignored) {
  const std::lock_guard lock(mutex_);
  ignored_ = std::move(ignored);
  agenda_.want(std::move(wanted), now());
  changed_.notify_all();
}

void Worker::stop() {
  std::deque<Job> not_started;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    not_started = agenda_.take_jobs();
    current_.request_stop();
    changed_.notify_all();
  }
  for (auto& job : not_started)
    job.on_end(fail(
        ErrorCode::kStopping,
        "the sidecar is stopping and this update had not begun; send it again when it is back"));
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Worker::set_stage(std::optional<Stage> stage) {
  const std::lock_guard lock(mutex_);
  stage_ = stage;
  download_limit_.set_stage(stage);
}

WorkStatus Worker::status() const {
  const std::lock_guard lock(mutex_);
  WorkStatus status;
  status.in_progress = in_progress_;
  status.stage = stage_;
  for (const auto& job : agenda_.jobs()) status.queued.push_back(job.request);
  for (const auto& each : agenda_.cancelled())
    status.cancelled.push_back(cancelled_outcome(each.request, each.at));
  const auto& wanted = agenda_.wanted();
  status.knows_wanted = wanted.has_value();
  status.ignored = ignored_;
  if (!wanted) return status;
  for (const auto& [path, entry] : *wanted) {
    const auto reason = agenda_.reasons().find(path);
    const auto why =
        reason == agenda_.reasons().end() ? std::nullopt : std::optional(reason->second);
    if (why && agenda_.unusable().contains(path))
      status.ignored.insert_or_assign(path, *why);
    else
      status.missing[path] = why;
  }
  status.restored = is_recovered_ && status.missing.empty();
  return status;
}

void Worker::run(const std::stop_token& stop) {
  std::stop_token recovering;
  {
    const std::lock_guard lock(mutex_);
    recovering = current_.get_token();
  }
  for (const auto& outcome : engine_.recovery().resolve_interrupted(recovering))
    feed_.send(UpdateEnded{outcome});
  {
    const std::lock_guard lock(mutex_);
    is_recovered_ = true;
  }
  while (auto task = take(stop)) {
    std::stop_token token;
    {
      const std::lock_guard lock(mutex_);
      token = current_.get_token();
    }
    std::visit([&](auto& each) { carry_out(each, token); }, *task);
  }
}

std::optional<Task> Worker::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  doing_ = Doing::kNothing;
  in_progress_.reset();
  agenda_.note_reverts(engine_.reverts().are_left(), now());
  for (;;) {
    if (is_stopping_ || stop.stop_requested()) return std::nullopt;
    if (auto task = agenda_.next(now())) {
      current_ = std::stop_source();
      doing_ = Doing::kInterruptible;
      if (const auto* job = std::get_if<Job>(&*task)) {
        doing_ = Doing::kUpdate;
        in_progress_ = job->request;
        cancelling_ = Cancelling::kPossible;
        download_limit_.set_waiting(agenda_.jobs().size());
        download_limit_.begin(current_);
      }
      return task;
    }
    const auto has_work = [&] { return is_stopping_ || agenda_.has_task(now()); };
    if (const auto due = agenda_.due())
      changed_.wait_until(lock, stop, *due, has_work);
    else
      changed_.wait(lock, stop, [&] { return has_work() || agenda_.due(); });
  }
}

void Worker::carry_out(Job& job, const std::stop_token& stop) {
  if (job.order && !may_begin(job)) {
    for (const auto& on_end : end_job())
      on_end(fail(ErrorCode::kRefused, Reason::kTooLate, "the order had nothing left to do"));
    return;
  }
  const auto outcome = update(job, stop);
  {
    const std::lock_guard lock(mutex_);
    if (!outcome.error) agenda_.note_live(outcome.path);
    agenda_.note_ended();
  }
  const auto listeners = end_job();
  if (job.order) job.on_end(outcome);
  feed_.send(UpdateEnded{outcome});
  if (!job.order) job.on_end(outcome);
  for (const auto& on_end : listeners) on_end(outcome);
}

std::vector<Job::OnEnd> Worker::end_job() {
  download_limit_.end();
  const std::lock_guard lock(mutex_);
  in_progress_.reset();
  cancelling_ = Cancelling::kPossible;
  return std::exchange(listeners_, {});
}

bool Worker::may_begin(const Job& job) {
  if (!job.order->may_begin()) {
    job.on_end(fail(ErrorCode::kConflict, "the order no longer stands"));
    return false;
  }
  if (!engine_.pipeline().is_as_ordered(job.request)) return true;
  job.order->on_live_already();
  return false;
}

Outcome Worker::update(const Job& job, const std::stop_token& stop) {
  auto& pipeline = engine_.pipeline();
  return job.order ? pipeline.obey(job.request, stop) : pipeline.update(job.request, stop);
}

void Worker::carry_out(Cancelled& task, const std::stop_token&) {
  const auto outcome = engine_.pipeline().end_cancelled(task.request, task.at);
  {
    const std::lock_guard lock(mutex_);
    agenda_.note_cancelled(task.request.id);
  }
  feed_.send(UpdateEnded{outcome});
}

void Worker::carry_out(RetryReverts&, const std::stop_token& stop) {
  engine_.reverts().retry(stop);
}

void Worker::carry_out(MakeSpares&, const std::stop_token& stop) { engine_.make_spares(stop); }

void Worker::carry_out(Restore& task, const std::stop_token& stop) {
  auto restored = engine_.recovery().restore(task.wanted, stop);
  const auto outcomes = std::move(restored.outcomes);
  const auto not_restored =
      stop.stop_requested() ? std::map<std::string, Error>() : restored.reason;
  {
    const std::lock_guard lock(mutex_);
    agenda_.note_restored(std::move(restored), stop.stop_requested(), now());
    agenda_.note_ended();
  }
  for (const auto& outcome : outcomes) feed_.send(UpdateEnded{outcome});
  for (const auto& [path, why] : not_restored) feed_.send(NotRestored{path, why});
}

}  // namespace okg::hot_update
