// Ends a download that others wait behind for too long: a
// source that trickles cannot keep the queue full for hours.
// The stages after the download have limits of their own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/stage.hpp"
#include "plugins/hot_update/work/download_deadline.hpp"

namespace okg::hot_update {

/// Thread-safe. Owns a thread, which waits.
class DownloadLimit {
 public:
  explicit DownloadLimit(std::chrono::milliseconds max);

  /// An update begins. `download` is asked to stop when it has fetched for too long.
  void begin(std::stop_source download);
  void end();
  /// The stage of the update in progress. Nothing: it has ended.
  void set_stage(std::optional<Stage> stage);
  /// How many updates wait behind it.
  void set_waiting(std::size_t count);

  /// Why the update in progress was asked to stop: kTimeout,
  /// naming the key; nothing when not by this limit.
  [[nodiscard]] std::optional<Error> reason() const;

 private:
  void run(const std::stop_token& stop);
  /// Nothing as well once it was asked to stop.
  [[nodiscard]] std::optional<DownloadDeadline::Time> due() const {
    return reason_ ? std::nullopt : deadline_.due();
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  DownloadDeadline deadline_;
  std::optional<std::stop_source> download_;
  std::optional<Error> reason_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace okg::hot_update
