// Those who listen to GET /hot-update/events: what happens
// is written once, and each gets it at its own pace.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/update_view.hpp"
#include "base/error.hpp"
#include "http/server/body_stream.hpp"
#include "plugins/hot_update/follow/changes.hpp"
#include "plugins/hot_update/follow/event_log.hpp"
#include "plugins/hot_update/on_demand_thread.hpp"

namespace okg::hot_update {

/// Thread-safe. Has a thread while somebody listens, and none otherwise;
/// before the first one has listened, nothing is written down either.
class EventStreams : public std::enable_shared_from_this<EventStreams> {
 public:
  static constexpr std::size_t kMaxStreams = 32;
  struct Pace {
    std::chrono::milliseconds comment{
        15'000};                              ///< between two comments, which keep proxies waiting
    std::chrono::milliseconds progress{250};  ///< between two events of progress, at least
  };
  /// All updates that are known, as they are at this moment.
  using Views = std::function<std::vector<api::UpdateView>()>;

  /// Kept in a shared_ptr. `views` may take locks that
  /// nobody holds who calls this.
  explicit EventStreams(Views views) : EventStreams(std::move(views), Pace{}) {}
  EventStreams(Views views, Pace pace);
  ~EventStreams() { stop(); }
  EventStreams(const EventStreams&) = delete;
  EventStreams& operator=(const EventStreams&) = delete;

  /// A stream that begins with what its client has missed since the event
  /// `last_id`, or else with a snapshot. Its place is free again once the
  /// last copy of it is gone. Errors: kUnavailable, kMaxStreams are open
  /// already; kStopping.
  Result<std::shared_ptr<http::BodyStream>> open(std::string_view last_id);
  /// An update may have changed.
  void note_change();
  /// The download in progress has come further.
  void note_progress();
  /// Every stream ends, and none begins.
  void stop();
  [[nodiscard]] std::size_t count() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  void note_gone();
  // All of these need `mutex_`.
  void run(std::unique_lock<std::mutex>& lock);
  void drop_closed();
  void send_changes(const std::vector<api::UpdateView>& views);
  void send_progress();
  void write(std::string_view text);
  [[nodiscard]] std::string beginning(std::string_view last_id);

  const Views views_;
  const Pace pace_;
  std::atomic<bool> has_streams_ = false;  ///< for note_progress(), which is called often
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<http::BodyStream>> streams_;
  EventLog log_;
  Changes changes_;
  bool is_followed_ = false;  ///< somebody has listened since the start
  bool is_stopping_ = false;
  Time comment_at_{};
  Time progress_at_ = Time::max();  ///< max: none has come since the last one was written
  Time last_progress_{};
  OnDemandThread thread_{mutex_, [this](auto& lock, const auto&) { run(lock); }};
};

}  // namespace okg::hot_update
