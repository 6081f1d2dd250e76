#include "plugins/hot_update/calls/file_lister.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/find.hpp"
#include "base/text/in_quotes.hpp"
#include "files/beneath.hpp"
#include "plugins/hot_update/calls/answer.hpp"
#include "plugins/hot_update/disk/off_limits.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {
namespace {

using Known = std::map<std::string, IndexEntry>;

std::string name_below(const std::string& path, const std::string& tree) {
  return tree == results::kWholeDirectory ? path : path.substr(tree.size() + 1);
}

/// The entries that updates brought, by their paths below the one that is asked for.
Result<Known> known_files(const FilesAsked& asked) {
  Known known;
  const auto add = [&](const std::string& path, const LiveContent& file) -> Result<void> {
    const auto below = path == asked.path ? std::string() : name_below(path, asked.path);
    if (file.index.empty()) {
      if (!below.empty()) known[below] = IndexEntry{below, TreeKind::kFile, false, file.bytes};
      return {};
    }
    const auto index = TreeIndex::read(asked.trees, file.index);
    if (!index) return index.error();
    for (const auto& entry : index->entries())
      known[below.empty() ? entry.path : below + "/" + entry.path] = entry;
    return {};
  };
  for (const auto& [path, file] : asked.state->live)
    if (path == asked.path || results::is_in_tree(path, asked.path))
      if (auto ok = add(path, file); !ok) return ok.error();
  return known;
}

/// Whether it may still be what an update left: of another length it is not.
bool has_length_of(const IndexEntry& entry, const struct stat& status) {
  return static_cast<std::uint64_t>(status.st_size) == entry.bytes;
}

api::FileKind kind_of(const struct stat& status) {
  if (S_ISLNK(status.st_mode)) return api::FileKind::kSymlink;
  return (status.st_mode & S_IXUSR) != 0 ? api::FileKind::kExecutable : api::FileKind::kFile;
}

Result<api::ListedFile> listed(const Found& found, const Known& known,
                               const std::stop_token& stop) {
  const auto& status = found.status;
  api::ListedFile file{found.path, static_cast<std::uint64_t>(status.st_size), {}, kind_of(status)};
  const auto* entry = value_at(known, found.path);
  if (entry == nullptr || !has_length_of(*entry, status)) return file;
  const auto sha256 = entry->is_untouched(status)
                          ? Result<Sha256>(entry->sha256)
                          : content_digest(found.folder, found.name, status, stop);
  if (!sha256) return sha256.error();
  file.sha256 = *sha256;
  return file;
}

bool can_be_listed(const struct stat& status) {
  return S_ISREG(status.st_mode) || S_ISLNK(status.st_mode);
}

/// Only at the top of the shared directory.
bool is_left_out(const FilesAsked& asked, const Found& found) {
  return asked.path == results::kWholeDirectory && found.name == found.path &&
         is_off_limits(found.folder, found.name, asked.state_dir);
}

/// The folder; empty when it is none.
Result<unique_fd> open_live(const FilesAsked& asked) {
  auto shared = files::Folder::open(asked.shared);
  if (!shared) return shared.error();
  return files::open_beneath(shared->fd(), asked.path, O_RDONLY | O_DIRECTORY);
}

using Files = std::vector<api::ListedFile>;

/// In any order.
Result<Files> files_in(int folder, const FilesAsked& asked, const std::stop_token& stop) {
  const auto known = known_files(asked);
  if (!known) return known.error();
  Files files;
  const auto ok = walk_tree(folder, [&](const Found& found) -> Result<bool> {
    if (is_left_out(asked, found)) return false;
    if (stop.stop_requested()) return fail(ErrorCode::kStopping, "the sidecar is stopping");
    if (!can_be_listed(found.status)) return true;
    auto file = listed(found, *known, stop);
    if (!file) return file.error();
    files.push_back(std::move(*file));
    // The game can make as many as it likes.
    if (files.size() <= asked.max_files) return true;
    return fail(ErrorCode::kRefused, Reason::kTooLarge, "more files are at ", in_quotes(asked.path),
                " than archive.maxFiles (", asked.max_files, ")");
  });
  if (!ok) return ok.error();
  return files;
}

Result<Files> files_of(const FilesAsked& asked, const LiveContent& live,
                       const std::stop_token& stop) {
  const auto folder = open_live(asked);
  if (!folder) return folder.error();
  if (*folder) return files_in(folder->get(), asked, stop);
  if (live.entry.tree) return Files();
  return Files{{asked.path, live.bytes, live.entry.sha256}};
}

http::ServerResponse answer_to(const FilesAsked& asked, const std::stop_token& stop) {
  const auto list = list_files(asked, stop);
  if (!list && list.error().code == ErrorCode::kNotFound) return refused(404, list.error());
  if (!list && list.error().code == ErrorCode::kRefused) return refused(422, list.error());
  if (!list) return refused(list.error());
  http::ServerResponse response;
  response.body = text_of(*list);
  return response;
}

}  // namespace

Result<api::FileList> list_files(const FilesAsked& asked, const std::stop_token& stop) {
  const auto live = asked.state->live_at(asked.path);
  if (!live)
    return fail(ErrorCode::kNotFound, Reason::kInvalidField,
                "nothing that was updated is live at path ", in_quotes(asked.path),
                "; GET /hot-update has the paths under \"live\"");
  auto files = files_of(asked, *live, stop);
  if (!files) return files.error();
  std::ranges::sort(*files, {}, &api::ListedFile::path);
  return api::FileList{asked.path, live->entry.version, std::move(*files)};
}

void FileLister::list(FilesAsked asked, const http::Respond& respond) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(asked), respond});
  thread_.start();
}

void FileLister::stop() {
  const std::lock_guard lock(mutex_);
  thread_.request_stop();
}

void FileLister::run(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
  while (!waiting_.empty()) {
    const auto asked = std::exchange(waiting_, {});
    lock.unlock();
    for (const auto& each : asked) each.respond(answer_to(each.asked, stop));
    lock.lock();
  }
}

}  // namespace okg::hot_update
