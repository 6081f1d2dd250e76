// Hears when files that the kubelet keeps up to date
// change. Has a thread, which sleeps until then.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <thread>

#include "base/error.hpp"
#include "base/io/unique_fd.hpp"

namespace okg::hot_update {

/// The kubelet writes a volume's files into a new folder, and
/// renames a symlink `..data` to that folder over the old one. Files
/// that are written in place, or renamed, are noticed as well.
/// @source kubernetes pkg/volume/util/atomic_writer.go
class FolderWatch {
 public:
  FolderWatch() = default;
  /// Ends the thread.
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  /// No change after this returns is missed. Errors:
  /// as errno says; kNotFound when a folder is not there.
  Result<void> open(const std::set<std::filesystem::path>& folders);
  /// `on_change` is called from the watch's thread, after any change. Needs open().
  void start(std::function<void()> on_change);
  void stop();

 private:
  void run() const;
  [[nodiscard]] bool take_events() const;

  unique_fd inotify_;
  unique_fd wake_;  ///< eventfd: the watch ends
  std::function<void()> on_change_;
  std::thread thread_;
};

}  // namespace okg::hot_update
