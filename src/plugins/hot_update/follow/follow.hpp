// Answers those who follow updates: one update by its id, until it ends; and cancels it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "http/server/router.hpp"
#include "plugins/hot_update/feed.hpp"
#include "plugins/hot_update/follow/event_streams.hpp"
#include "plugins/hot_update/follow/progress_meter.hpp"
#include "plugins/hot_update/follow/waiters.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/work/worker.hpp"

namespace okg::hot_update {

/// Thread-safe.
class Follow {
 public:
  static constexpr std::chrono::seconds kMaxWait{55};

  /// Both outlive it.
  Follow(const Ledger& ledger, Worker& worker);

  /// GET /hot-update/events
  void stream(const http::ServerRequest& request, const http::Respond& respond);
  /// GET /hot-update/updates/ID?waitSeconds=N
  void show(const http::ServerRequest& request, const http::Respond& respond);
  /// DELETE /hot-update/updates/ID
  void cancel(const http::ServerRequest& request, const http::Respond& respond);

  void hear(const Event& event);
  /// Of the update in progress.
  void note(const content::DownloadProgress& progress);
  void note(const content::UnpackProgress& progress);
  /// Of the update in progress.
  [[nodiscard]] api::Progress progress() const;
  /// Streams of events that are open.
  [[nodiscard]] std::size_t streams() const { return streams_->count(); }
  /// Whoever waits is answered now, and every stream ends.
  void stop();

 private:
  [[nodiscard]] std::optional<api::UpdateView> find(const std::string& id) const;
  [[nodiscard]] http::ServerResponse show(const std::string& id) const;
  [[nodiscard]] http::ServerResponse too_late(const std::string& id, const Error& error) const;

  const Ledger& ledger_;
  Worker& worker_;
  ProgressMeter meter_;
  Waiters waiters_;
  std::shared_ptr<EventStreams> streams_;
};

}  // namespace okg::hot_update
