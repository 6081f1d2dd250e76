#include "content/manifest/fetch.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "content/manifest/manifest_json.hpp"

namespace okg::content {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How far all files are. Not safe for threads.
class TotalProgress {
 public:
  TotalProgress(const std::vector<ManifestFile>& files, const OnProgress& on_progress)
      : on_progress_(on_progress), bytes_of_(files.size(), 0) {
    total_.files_total = files.size();
    total_.attempt = 1;
    std::uint64_t bytes = 0;
    for (const auto& file : files) {
      if (!file.bytes) return;
      bytes += *file.bytes;
    }
    total_.bytes_total = bytes;
  }

  void begin() { on_progress_(total_); }
  void note(std::size_t file, std::uint64_t bytes) {
    // A file that starts over counts again where it gets further than before.
    if (bytes <= bytes_of_[file]) return;
    total_.bytes_done += bytes - bytes_of_[file];
    bytes_of_[file] = bytes;
    on_progress_(total_);
  }
  [[nodiscard]] std::uint64_t bytes_done() const { return total_.bytes_done; }
  void note_done() {
    ++total_.files_done;
    on_progress_(total_);
  }

 private:
  const OnProgress& on_progress_;
  std::vector<std::uint64_t> bytes_of_;
  DownloadProgress total_;
};

/// The state that the lanes share.
class Fetching {
 public:
  Fetching(const FilesToFetch& what, DownloadSettings settings, const TakeFile& take,
           const OnProgress& on_progress)
      : what_(what),
        settings_(std::move(settings)),
        take_(take),
        progress_(what.files, on_progress) {
    settings_.allow_empty = true;  // a manifest says how long its files are
    progress_.begin();
  }

  /// One lane: a file after the other, until there is none left or one failed.
  void run(const Send& send) {
    while (const auto next = next_file())
      if (auto ok = fetch(send, *next); !ok) fail_all(ok.error());
  }

  void stop() { stop_.request_stop(); }
  Result<void> outcome() {
    const std::lock_guard lock(mutex_);
    if (error_) return std::move(*error_);
    if (next_ < what_.files.size())
      return okg::fail(ErrorCode::kStopping, "stopped while a manifest's files were downloaded");
    return {};
  }

 private:
  std::optional<std::size_t> next_file() {
    const std::lock_guard lock(mutex_);
    if (stop_.stop_requested() || next_ == what_.files.size()) return std::nullopt;
    return next_++;
  }

  void fail_all(Error error) {
    const std::lock_guard lock(mutex_);
    end_with(std::move(error));
  }

  /// Needs `mutex_`.
  void end_with(Error error) {
    // The others were stopped by it, or by the caller.
    if (!error_) error_ = std::move(error);
    stop_.request_stop();
  }

  Result<void> fetch(const Send& send, std::size_t index) {
    const auto& file = what_.files[index];
    const auto about = "file '" + file.path + "' of the manifest";
    auto url = url_of(file, what_.manifest_url);
    if (!url) return url.error();
    auto content = download_fresh(send, index, *url);
    if (!content) return content.error().in(about);
    const std::lock_guard lock(mutex_);
    if (stop_.stop_requested()) return okg::fail(ErrorCode::kStopping, about + ": stopped");
    if (auto ok = take_(file, std::move(*content)); !ok) return ok;
    progress_.note_done();
    return {};
  }

  /// A cache on the way may have an older version of it.
  Result<StagedContent> download_fresh(const Send& send, std::size_t index,
                                       const std::string& url) {
    auto content = download_verified(send, index, url, what_.ask_past_caches);
    const bool is_other = !content && content.error().reason == Reason::kChecksumMismatch;
    if (!is_other || what_.ask_past_caches) return content;
    return download_verified(send, index, url, true);
  }

  Result<StagedContent> download_verified(const Send& send, std::size_t index,
                                          const std::string& url, bool ask_past_caches) {
    const auto& file = what_.files[index];
    auto settings = settings_;
    settings.timeout = std::max(milliseconds(1),
                                std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now()));
    const StagedName staged{what_.staged.folder, what_.staged.name + "." + std::to_string(index)};
    Source source{url, {}, ask_past_caches, file.sha256};
    source.update_id = what_.update_id;
    auto got = download(send, source, staged, settings, stop_.get_token(),
                        [&](const DownloadProgress& now) {
                          const std::lock_guard lock(mutex_);
                          progress_.note(index, now.bytes_done);
                          if (progress_.bytes_done() > what_.max_bytes.value)
                            end_with(more_than_allowed(what_.max_bytes));
                        });
    if (!got) return got.error();
    auto content = StagedContent::verify(std::move(std::get<DownloadedFile>(*got)), url,
                                         file.sha256, settings);
    if (content && file.bytes && content->bytes() != *file.bytes)
      return invalid_manifest("the manifest says " + std::to_string(*file.bytes) +
                              " bytes, and the file of its checksum has " +
                              std::to_string(content->bytes()));
    return content;
  }

  const FilesToFetch& what_;
  DownloadSettings settings_;
  const TakeFile& take_;
  Clock::time_point deadline_ = Clock::now() + settings_.timeout;
  std::stop_source stop_;
  std::mutex mutex_;  ///< of all below
  TotalProgress progress_;
  std::size_t next_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<void> fetch_files(const FilesToFetch& what, const OpenLane& open_lane,
                         const DownloadSettings& settings, const TakeFile& take,
                         const std::stop_token& stop, const OnProgress& on_progress) {
  const auto lanes = std::min<std::size_t>(settings.parallel, what.files.size());
  auto share = settings;
  if (share.max_bytes_per_second > 0)
    share.max_bytes_per_second = std::max<std::uint64_t>(1, share.max_bytes_per_second / lanes);
  Fetching fetching(what, share, take, on_progress);
  const std::stop_callback stops(stop, [&] { fetching.stop(); });
  std::vector<std::jthread> threads;
  threads.reserve(lanes);
  for (std::size_t lane = 0; lane < lanes; ++lane)
    threads.emplace_back([&fetching, send = open_lane()] { fetching.run(send); });
  threads.clear();
  return fetching.outcome();
}

}  // namespace okg::content
