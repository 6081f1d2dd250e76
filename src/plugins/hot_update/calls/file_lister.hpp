// GET /hot-update?path=PATH&files=true: the files of what is live at
// a path. The list is on the disk, which no reader of the status waits
// for, so it has a thread of its own while somebody asks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "api/file_list.hpp"
#include "base/error.hpp"
#include "files/folder.hpp"
#include "http/server/router.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"
#include "plugins/hot_update/on_demand_thread.hpp"

namespace okg::hot_update {

/// One question for files.
struct FilesAsked {
  std::string path;
  std::shared_ptr<const LedgerState> state;
  files::Folder state_dir;
  files::Folder trees;
  std::filesystem::path shared;
  std::uint64_t max_files = 0;  ///< that are listed
};

/// The files that are there now. Errors: kNotFound; kRefused, too many; kStopping;
/// as errno says.
[[nodiscard]] Result<api::FileList> list_files(const FilesAsked& asked,
                                               const std::stop_token& stop = {});

/// Thread-safe.
class FileLister {
 public:
  void list(FilesAsked asked, const http::Respond& respond);
  /// Gives up what is listed now: callers are told that the sidecar stops.
  void stop();

 private:
  struct Waiting {
    FilesAsked asked;
    http::Respond respond;
  };
  void run(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);

  std::mutex mutex_;
  std::vector<Waiting> waiting_;
  OnDemandThread thread_{mutex_, [this](auto& lock, const auto& stop) { run(lock, stop); }};
};

}  // namespace okg::hot_update
