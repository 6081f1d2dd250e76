#include "plugins/hot_update/publish/publisher.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <functional>
#include <set>
#include <system_error>

#include "base/file.hpp"
#include "base/log.hpp"

namespace okg::hot_update {

/// The open folder a path leads to, and the name in it.
struct Publisher::Place {
  unique_fd folder;
  std::string name;
  std::string whole;     ///< for messages
  bool is_there = true;  ///< false: `folder` is the deepest one that there is
};

namespace {

Result<unique_fd> open_subfolder(const unique_fd& parent, const std::string& name, bool make,
                                 const std::string& whole) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  unique_fd folder(::openat(parent.get(), name.c_str(), kFlags));
  if (!folder && errno == ENOENT && make) {
    if (::mkdirat(parent.get(), name.c_str(), 0755) != 0 && errno != EEXIST)
      return errno_error("make the folder of " + whole, errno);
    folder.reset(::openat(parent.get(), name.c_str(), kFlags));
  }
  // Also of a folder that is there: a start that was killed may have made it and not synced its
  // name.
  if (folder && make && ::fsync(parent.get()) != 0)
    return errno_error("fsync the folder of " + whole, errno);
  if (!folder && (errno == ELOOP || errno == ENOTDIR))
    return fail(ErrorCode::kInvalid,
                whole + ": '" + name +
                    "' is not a folder (symlinks are not followed out of the shared directory)");
  if (!folder) return errno_error("open the folder of " + whole, errno);
  return folder;
}

/// A copy for file systems or owners that do not allow a hard link.
Result<void> copy_to(int from, const std::filesystem::path& to, const struct stat& like) {
  // Never into a file that is there: the link may have been made and its answer lost (NFS), and
  // `to` be what is copied.
  ::unlink(to.c_str());
  auto file = open_file(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file) return file.error();
  std::vector<std::byte> buffer(128 * 1024);
  for (;;) {
    const auto got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read the live file", errno);
    if (got == 0) break;
    if (auto ok = write_all(file->get(), std::span(buffer).first(static_cast<std::size_t>(got)),
                            to.string());
        !ok)
      return ok;
  }
  if (::fchmod(file->get(), like.st_mode & 07777U) != 0)
    return errno_error("chmod " + to.string(), errno);
  return sync_file(file->get(), to.string());
}

Result<void> copy_kept(const std::filesystem::path& kept, const std::filesystem::path& to) {
  auto file = open_file(kept, O_RDONLY);
  if (!file) return file.error();
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) return errno_error("stat " + kept.string(), errno);
  return copy_to(file->get(), to, status);
}

/// Whether `name` in `folder` is this open file; nothing when that cannot be seen. Asked after a
/// rename that failed: it may have been made and its answer lost (NFS).
std::optional<bool> is_named(const unique_fd& folder, const std::string& name, int file) {
  struct stat named {};
  struct stat open {};
  if (::fstat(file, &open) != 0) return std::nullopt;
  if (::fstatat(folder.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT ? std::optional(false) : std::nullopt;
  return named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

/// Where a symlink leads to; empty when that cannot be seen.
std::string target_of(const unique_fd& folder, const std::string& name) {
  std::array<char, PATH_MAX> text{};
  const auto length = ::readlinkat(folder.get(), name.c_str(), text.data(), text.size());
  return length < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(length));
}

void empty_folder(const std::filesystem::path& folder,
                  const std::function<bool(const std::string&)>& is_needed) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto& path = entry->path();
    if (!is_needed(path.filename().string()) && ::unlink(path.c_str()) != 0 && errno != ENOENT)
      log::warn("a file that nothing needs could not be deleted",
                {{"error", errno_error(path.string(), errno).message}});
  }
}

}  // namespace

Result<Publisher::Place> Publisher::open_place(const std::string& path, Folders folders) const {
  // Paths also come from stored entries, which others can write.
  if (auto ok = api::check_path(path); !ok) return ok.error();
  const auto whole = (settings_.file_dir / path).string();
  auto folder = open_file(settings_.file_dir, O_RDONLY | O_DIRECTORY);
  if (!folder) {
    auto error = std::move(folder).error();
    error.message += "; the shared volume has to be mounted at fileDir";
    return error;
  }
  std::size_t begin = 0;
  for (auto slash = path.find('/'); slash != std::string::npos;
       begin = slash + 1, slash = path.find('/', begin)) {
    auto next = open_subfolder(*folder, path.substr(begin, slash - begin),
                               folders == Folders::kMake, whole);
    if (!next && next.error().code == ErrorCode::kNotFound && folders == Folders::kAsFarAsThere)
      return Place{std::move(*folder), path.substr(begin), whole, false};
    if (!next) return next.error();
    *folder = std::move(*next);
  }
  return Place{std::move(*folder), path.substr(begin), whole};
}

Result<void> Publisher::check(const std::string& path) const {
  const auto state_name = state_.root().lexically_relative(settings_.file_dir).string();
  if (path == state_name || path.starts_with(state_name + "/"))
    return fail(ErrorCode::kInvalid, "path '" + path + "' is in the sidecar's own state directory");
  auto place = open_place(path, Folders::kAsFarAsThere);
  if (!place) return place.error();
  struct stat there {};
  if (place->is_there &&
      ::fstatat(place->folder.get(), place->name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISDIR(there.st_mode))
    return fail(ErrorCode::kInternal,
                place->whole + " is a directory; say another place with path=NAME, or remove it");
  if (::faccessat(place->folder.get(), ".", W_OK | X_OK, AT_EACCESS) != 0)
    return errno_error("write into the folder of " + place->whole, errno);
  struct stat folder {};
  struct stat staging {};
  if (::fstat(place->folder.get(), &folder) != 0 || ::stat(state_.staging().c_str(), &staging) != 0)
    return errno_error("stat " + state_.staging().string(), errno);
  if (folder.st_dev != staging.st_dev)
    return fail(ErrorCode::kInternal, "stateDir " + state_.root().string() + " and the folder of " +
                                          place->whole +
                                          " are on different file systems, so that no rename "
                                          "between them is atomic; put stateDir on "
                                          "the shared volume");
  return {};
}

/// Links (or copies) what is live to `kept/<seq>`, and notes it in `pending`. A symlink is noted
/// only.
Result<void> Publisher::keep(const Place& place, Pending& pending) const {
  // What is live may be what an earlier update left that failed: the old content is still the one
  // from before that.
  for (const auto& earlier : ledger_.pending()) {
    if (!earlier.is_answered || earlier.path != pending.path) continue;
    pending.previous = earlier.previous;
    pending.link = earlier.link;
    return {};
  }
  KeptFile kept{pending.path, std::to_string(pending.seq), ledger_.live(pending.path)};
  const auto target = state_.kept() / kept.name;
  ::unlink(target.c_str());
  const unique_fd live(::openat(place.folder.get(), place.name.c_str(),
                                O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!live && errno == ENOENT) return {};
  if (!live && errno == ELOOP) {
    pending.link = target_of(place.folder, place.name);
    if (pending.link.empty()) return errno_error("read the symlink " + place.whole, errno);
    return {};
  }
  if (!live) return errno_error("open " + place.whole + " to keep it", errno);
  struct stat status {};
  if (::fstat(live.get(), &status) != 0) return errno_error("stat " + place.whole, errno);
  if (!S_ISREG(status.st_mode))
    return fail(ErrorCode::kInvalid, place.whole + " is not a regular file");
  // Not allowed for another user's file (fs.protected_hardlinks) and on some file systems.
  Result<void> there;
  if (::linkat(place.folder.get(), place.name.c_str(), AT_FDCWD, target.c_str(), 0) != 0)
    there = copy_to(live.get(), target, status);
  if (there) there = sync_directory(state_.kept());
  if (!there) {
    ::unlink(target.c_str());
    return there.error().in("keep the old content of " + place.whole);
  }
  pending.previous = std::move(kept);
  return {};
}

/// A second name for kept content (or a copy of it) in staging. The kept file stays where it is
/// until the outcome is journaled: a crash in between must be able to do this once more.
Result<content::StagedFile> Publisher::link_kept(const std::string& name,
                                                 const std::string& staged_name) const {
  const auto kept = state_.kept() / name;
  const auto staged = state_.staging() / staged_name;
  ::unlink(staged.c_str());
  if (::link(kept.c_str(), staged.c_str()) != 0) {
    if (auto ok = copy_kept(kept, staged); !ok) {
      ::unlink(staged.c_str());
      return ok.error();
    }
  }
  auto adopted = content::StagedFile::adopt(staged);
  if (!adopted) ::unlink(staged.c_str());
  return adopted;
}

Result<content::StagedContent> Publisher::stage_kept(const KeptFile& kept,
                                                     const std::optional<Sha256>& expected,
                                                     std::uint64_t seq) const {
  auto staged = link_kept(kept.name, std::to_string(seq));
  if (!staged) return staged.error();
  return content::StagedContent::accept_kept(
      std::move(*staged), kept.path, kept.was ? kept.was->entry.sha256 : expected,
      kept.was ? content::Validators{kept.was->etag, kept.was->last_modified}
               : content::Validators{});
}

Result<PublishedUpdate> Publisher::publish(content::StagedContent content,
                                           const api::UpdateRequest& request, std::uint64_t seq,
                                           const std::string& used) const {
  auto& staged = content.file();
  auto place = open_place(request.path, Folders::kMake);
  if (!place) return place.error();
  if (::fchmod(staged.fd(), settings_.file_mode) != 0)
    return errno_error("chmod " + staged.path().string(), errno);
  if (auto ok = sync_file(staged.fd(), staged.path().string()); !ok) return ok.error();

  Pending pending;
  pending.seq = seq;
  pending.path = request.path;
  pending.next = LiveFile{
      {request.version, request.url, content.sha256(), request.scope, request.requested_at},
      content.bytes(),
      content.validators().etag,
      content.validators().last_modified};
  pending.used = used;
  if (auto ok = keep(*place, pending); !ok) return ok.error();
  auto published = go_live(*place, staged, std::move(pending));
  if (!published) tidy();
  return published;
}

/// Journal, rename, sync.
Result<PublishedUpdate> Publisher::go_live(const Place& place, content::StagedFile& file,
                                           Pending pending) const {
  // A crash before this line leaves the old content and nothing to undo; after it, the next start
  // looks which content is live.
  if (auto ok = ledger_.note_intent(pending); !ok) return ok.error();
  if (::renameat(AT_FDCWD, file.path().c_str(), place.folder.get(), place.name.c_str()) != 0) {
    auto error = errno_error("rename to " + place.whole, errno);
    const auto is_live = is_named(place.folder, place.name, file.fd());
    if (is_live == false) {
      ledger_.drop_intent(pending.seq);
      return error;
    }
    if (!is_live) return PublishedUpdate{std::move(pending), now(), std::move(error)};
  }
  file.release();
  PublishedUpdate published{std::move(pending), now(), {}};
  if (auto ok = sync(place); !ok) published.unsynced = std::move(ok).error();
  return published;
}

Result<void> Publisher::sync(const Place& place) {
  if (::fsync(place.folder.get()) != 0)
    return errno_error("fsync the folder of " + place.whole, errno);
  return {};
}

Result<void> Publisher::sync(const std::string& path) const {
  auto place = open_place(path, Folders::kMustExist);
  if (!place) return place.error();
  return sync(*place);
}

Result<PutBack> Publisher::put_back(const Pending& pending) const {
  auto place = open_place(pending.path, Folders::kMustExist);
  if (!place) return place.error();
  if (pending.previous) {
    auto staged = link_kept(pending.previous->name, pending.previous->name + ".back");
    if (!staged) return staged.error();
    // Two names of one file are both left by rename(2), and nothing had to be done; the staged one
    // goes with its owner.
    if (::renameat(AT_FDCWD, staged->path().c_str(), place->folder.get(), place->name.c_str()) !=
        0) {
      auto error = errno_error("rename the old content to " + place->whole, errno);
      if (is_named(place->folder, place->name, staged->fd()) != true) return error;
    }
  } else if (!pending.link.empty()) {
    if (auto ok = put_back_link(*place, pending); !ok) return ok.error();
  } else if (::unlinkat(place->folder.get(), place->name.c_str(), 0) != 0 && errno != ENOENT) {
    auto error = errno_error("remove " + place->whole, errno);
    if (::faccessat(place->folder.get(), place->name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
        errno != ENOENT)
      return error;
  }
  PutBack back;
  if (auto ok = sync(*place); !ok) back.unsynced = std::move(ok).error();
  return back;
}

Result<void> Publisher::put_back_link(const Place& place, const Pending& pending) const {
  const auto staged = state_.staging() / (std::to_string(pending.seq) + ".back");
  ::unlink(staged.c_str());
  if (::symlink(pending.link.c_str(), staged.c_str()) != 0)
    return errno_error("make the symlink " + staged.string(), errno);
  if (::renameat(AT_FDCWD, staged.c_str(), place.folder.get(), place.name.c_str()) == 0) return {};
  auto error = errno_error("rename the old symlink to " + place.whole, errno);
  if (target_of(place.folder, place.name) == pending.link) return {};
  ::unlink(staged.c_str());
  return error;
}

Result<std::optional<FileDigest>> Publisher::live_digest(const std::string& path) const {
  auto place = open_place(path, Folders::kMustExist);
  if (!place && place.error().code == ErrorCode::kNotFound) return std::optional<FileDigest>();
  if (!place) return place.error();
  const unique_fd live(::openat(place->folder.get(), place->name.c_str(),
                                O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!live && (errno == ENOENT || errno == ELOOP)) return std::optional<FileDigest>();
  if (!live) return errno_error("open " + place->whole, errno);
  struct stat status {};
  if (::fstat(live.get(), &status) != 0) return errno_error("stat " + place->whole, errno);
  if (!S_ISREG(status.st_mode)) return std::optional<FileDigest>();
  auto digest = digest_of(live.get(), place->whole);
  if (!digest) return digest.error();
  return std::optional<FileDigest>(*digest);
}

Result<Timestamp> Publisher::live_since(const std::string& path) const {
  auto place = open_place(path, Folders::kMustExist);
  if (!place) return place.error();
  struct stat status {};
  if (::fstatat(place->folder.get(), place->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return errno_error("stat " + place->whole, errno);
  return Timestamp(std::chrono::seconds(status.st_ctim.tv_sec) +
                   std::chrono::microseconds(status.st_ctim.tv_nsec / 1000));
}

void Publisher::tidy() const {
  if (ledger_.is_behind()) return;  // a start would still look for what the journal names
  std::set<std::string> needed;
  for (const auto& kept : ledger_.kept()) needed.insert(kept.name);
  for (const auto& pending : ledger_.pending())
    if (pending.previous) needed.insert(pending.previous->name);
  empty_folder(state_.kept(), [&](const std::string& name) { return needed.contains(name); });
  empty_folder(state_.staging(), [](const std::string&) { return false; });
}

}  // namespace okg::hot_update
