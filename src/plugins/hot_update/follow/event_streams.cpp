#include "plugins/hot_update/follow/event_streams.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/update_id.hpp"
#include "base/text/visible.hpp"
#include "base/time/timestamp.hpp"

namespace okg::hot_update {
namespace {

using std::chrono::steady_clock;

/// How long a browser waits before it comes back. Its own default is several seconds.
constexpr std::string_view kRetry = "retry: 1000\n";
constexpr std::string_view kComment = ":\n\n";
/// This much may wait for a slow reader, beside the beginning of its stream.
constexpr std::size_t kMaxWaitingBytes = 64UL * 1024;

std::string snapshot_of(const std::vector<api::UpdateView>& views) {
  auto updates = array_of(views, [](const auto& each) { return to_json(each); });
  return visible_json({{"updates", std::move(updates)}});
}

/// The stream for its one client: closed when the last copy
/// goes, also where no connection has ever taken it.
std::shared_ptr<http::BodyStream> for_client(const std::shared_ptr<http::BodyStream>& stream) {
  return {stream.get(), [stream](http::BodyStream*) { stream->close(); }};
}

}  // namespace

EventStreams::EventStreams(Views views, Pace pace)
    : views_(std::move(views)), pace_(pace), log_(api::make_update_id(now())) {}

Result<std::shared_ptr<http::BodyStream>> EventStreams::open(std::string_view last_id) {
  const std::lock_guard lock(mutex_);
  if (is_stopping_) return fail(ErrorCode::kStopping, "the sidecar is stopping");
  drop_closed();
  if (streams_.size() >= kMaxStreams)
    return fail(ErrorCode::kUnavailable, Reason::kTooManyStreams, kMaxStreams,
                " streams of events are open already; close one, or ask GET "
                "/hot-update/updates/ID?waitSeconds=30");
  const auto text = beginning(last_id);
  auto stream = std::make_shared<http::BodyStream>(kMaxWaitingBytes + text.size());
  stream->write(text);
  stream->on_close([weak = weak_from_this()] {
    if (const auto streams = weak.lock()) streams->note_gone();
  });
  streams_.push_back(stream);
  has_streams_ = true;
  thread_.start();
  return for_client(stream);
}

std::string EventStreams::beginning(std::string_view last_id) {
  const auto views = views_();
  if (!std::exchange(is_followed_, true))
    static_cast<void>(changes_.among(views));
  else
    send_changes(views);
  auto text = log_.since(last_id);
  if (!text) text = log_.snapshot(snapshot_of(views));
  return std::string(kRetry) + (text->empty() ? "\n" : *text);
}

void EventStreams::note_change() {
  const std::lock_guard lock(mutex_);
  if (is_followed_ && !is_stopping_) send_changes(views_());
}

void EventStreams::send_changes(const std::vector<api::UpdateView>& views) {
  for (const auto& each : changes_.among(views))
    write(log_.add_change(visible_json(to_json(each))));
}

void EventStreams::note_progress() {
  if (!has_streams_) return;
  const std::lock_guard lock(mutex_);
  if (progress_at_ != Time::max()) return;
  progress_at_ = std::max(steady_clock::now(), last_progress_ + pace_.progress);
  changed_.notify_all();
}

void EventStreams::send_progress() {
  progress_at_ = Time::max();
  for (const auto& each : views_())
    if (each.state == api::UpdateState::kInProgress)
      write(log_.add_progress(visible_json(to_json(each))));
  last_progress_ = steady_clock::now();
}

void EventStreams::write(std::string_view text) {
  for (const auto& each : streams_) each->write(text);
}

void EventStreams::drop_closed() {
  std::erase_if(streams_, [](const auto& each) { return each->is_closed(); });
  has_streams_ = !streams_.empty();
}

void EventStreams::note_gone() {
  const std::lock_guard lock(mutex_);
  drop_closed();
  changed_.notify_all();
}

void EventStreams::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    for (const auto& each : streams_) each->end();
    streams_.clear();
    has_streams_ = false;
    changed_.notify_all();
  }
  thread_.join();
}

std::size_t EventStreams::count() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

void EventStreams::run(std::unique_lock<std::mutex>& lock) {
  comment_at_ = steady_clock::now() + pace_.comment;
  while (!streams_.empty()) {
    changed_.wait_until(lock, std::min(comment_at_, progress_at_));
    const auto woken = steady_clock::now();
    if (woken >= progress_at_) send_progress();
    if (woken >= comment_at_) {
      write(kComment);
      comment_at_ = woken + pace_.comment;
    }
    drop_closed();  // those that read too slowly
  }
  progress_at_ = Time::max();
}

}  // namespace okg::hot_update
