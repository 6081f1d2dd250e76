#include "plugins/hot_update/publish/publisher.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/io/path.hpp"
#include "content/signature/blake2b.hpp"
#include "plugins/hot_update/disk/off_limits.hpp"
#include "plugins/hot_update/publish/rename_error.hpp"

namespace okg::hot_update {
namespace {

constexpr const char* kRevertSuffix = ".revert";

bool is_same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace

Publisher::Publisher(PublishSettings settings, const StateDir& state, FileSystem& files,
                     GameCanWrite game_can_write)
    : settings_(std::move(settings)),
      state_(state),
      files_(files),
      kept_(files, state, settings_.keep_by, settings_.min_free_percent),
      trees_(settings_, state, files, std::move(game_can_write)) {}

Result<Place> Publisher::open(const std::string& path, Folders folders) const {
  return open_place(files_, settings_.file_dir, path, folders);
}

/// Compares folders, not names: a path may lead there by another mount,
/// or in other letters where case does not count.
Result<void> Publisher::check_not_state(const Place& place) const {
  struct stat folder {};
  if (::fstat(place.folder.get(), &folder) != 0) return errno_error("stat " + place.whole, errno);
  for (const auto* own : {&state_.root(), &state_.staging(), &state_.kept()}) {
    struct stat status {};
    if (::fstat(own->fd(), &status) != 0) return errno_error("stat " + own->path().string(), errno);
    if (is_same_file(folder, status)) return in_state_dir(place.whole);
  }
  return {};
}

Result<void> Publisher::check(const std::string& path) const {
  // fileDir and stateDir may be two ways to one folder.
  auto file_dir = resolve(settings_.file_dir);
  if (!file_dir) return file_dir.error();
  auto state_dir = resolve(state_.root().path());
  if (!state_dir) return state_dir.error();
  if (is_below(*file_dir / path, *state_dir)) return in_state_dir(path);
  auto place = open(path, Folders::kAsFarAsThere);
  if (!place) return place.error();
  if (auto ok = check_not_state(*place); !ok) return ok;
  struct stat there {};
  if (place->is_there &&
      ::fstatat(place->folder.get(), place->name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISDIR(there.st_mode))
    return fail(ErrorCode::kInvalid, Reason::kTargetIsDirectory,
                place->whole +
                    " is a directory; say another place with path=NAME, or "
                    "remove it");
  return check_folder(place->folder.get(), place->whole);
}

Result<void> Publisher::check_tree(const std::string& path) const {
  auto parent = trees_.check(path);
  if (!parent) return parent.error();
  return check_folder(parent->get(), (settings_.file_dir / path).string());
}

/// Whether names can be put into the folder of `whole` from staging.
Result<void> Publisher::check_folder(int folder_fd, const std::string& whole) const {
  if (::faccessat(folder_fd, ".", W_OK | X_OK, AT_EACCESS) != 0) {
    const int cause = errno;
    return with_cure_of_access(errno_error("write into the folder of " + whole, cause), cause);
  }
  struct stat folder {};
  struct stat staging {};
  if (::fstat(folder_fd, &folder) != 0 || ::fstat(state_.staging().fd(), &staging) != 0)
    return errno_error("stat " + state_.staging().path().string(), errno);
  if (folder.st_dev == staging.st_dev) return {};
  struct stat shared {};
  const bool is_mounted_within =
      ::stat(settings_.file_dir.c_str(), &shared) == 0 && shared.st_dev == staging.st_dev;
  return fail(
      ErrorCode::kInternal, Reason::kStateDirElsewhere,
      "stateDir " + state_.root().path().string() + " and the folder of " + whole +
          " are on different file systems, so that no rename between them is atomic; " +
          (is_mounted_within ? "another volume is mounted within the shared directory: take "
                               "that away, or give it as fileDir to a sidecar of its own"
                             : "put stateDir on the shared volume"));
}

/// Some file systems refuse every chmod, which matters only where the mode has to change.
Result<void> Publisher::set_mode(const content::StagedFile& file) const {
  if (files_.change_mode(file.fd(), settings_.file_mode) == 0) return {};
  const int cause = errno;
  struct stat status {};
  if (::fstat(file.fd(), &status) == 0 && (status.st_mode & 07777U) == settings_.file_mode)
    return {};
  return errno_error("chmod " + file.path(), cause);
}

Result<Prepared> Publisher::prepare(NextContent content, const Replacement& replacement) const {
  if (auto* file = std::get_if<content::StagedContent>(&content))
    return prepare_file(std::move(*file), replacement);
  auto target = std::holds_alternative<StagedTree>(content)
                    ? trees_.prepare(std::get<StagedTree>(std::move(content)), replacement)
                    : trees_.prepare_kept(std::get<KeptContent>(content), replacement);
  if (!target) return target.error();
  return Prepared(std::move(*target));
}

Result<Prepared> Publisher::prepare_file(content::StagedContent content,
                                         const Replacement& replacement) const {
  auto place = open(replacement.path, Folders::kMake);
  if (!place) return place.error();
  const auto& file = content.file();
  if (auto ok = set_mode(file); !ok) return ok.error();
  if (files_.sync(file.fd()) != 0) return errno_error("fsync " + file.path(), errno);
  Target target{replacement.path,
                {replacement.entry, content.bytes(), content.validators().etag,
                 content.validators().last_modified},
                {},
                replacement.from_kept};
  target.next.entry.sha256 = content.sha256();
  target.next.blake2b = content.blake2b();
  if (replacement.unreverted) {
    target.old = *replacement.unreverted;
  } else {
    auto kept = kept_.keep(*place, {replacement.path, replacement.name, replacement.was});
    if (!kept) return kept.error();
    target.old = std::move(*kept);
  }
  return Prepared(std::move(target), std::move(*place), std::move(content));
}

Result<Committed> Publisher::commit(Prepared& prepared) const {
  if (!prepared.file_) return trees_.commit(prepared.target_);
  const auto& place = prepared.file_->place;
  auto& file = prepared.file_->content.file();
  if (files_.rename(file.folder(), file.name().c_str(), place.folder.get(), place.name.c_str()) !=
      0) {
    auto error = rename_error(place, "the new content");
    const auto is_live = is_named(place, file.fd());
    if (is_live == false) return error;
    if (!is_live) return Committed{BootClock::now(), std::move(error), {}};
  }
  file.release();
  Committed committed{BootClock::now(), {}, {}};
  if (auto ok = sync_folder(files_, place.folder.get(), place.whole); !ok)
    committed.unsynced = ok.error();
  return committed;
}

Result<Reverted> Publisher::revert(const Target& target, const std::string& name) const {
  if (target.swap) return trees_.revert(target);
  auto place = open(target.path, Folders::kMustExist);
  if (!place) return place.error();
  Result<void> done;
  switch (target.old.kind) {
    case OldContent::Kind::kKept: done = revert_to_file(*place, target.old.kept); break;
    case OldContent::Kind::kSymlink: done = revert_to_link(*place, target.old.link, name); break;
    case OldContent::Kind::kNothing: done = remove(*place); break;
  }
  if (!done) return done.error();
  Reverted reverted;
  if (auto ok = sync_folder(files_, place->folder.get(), place->whole); !ok)
    reverted.unsynced = ok.error();
  return reverted;
}

Result<void> Publisher::revert_to_file(const Place& place, const KeptContent& kept) const {
  auto staged = kept_.put_in_staging(kept.name, kept.name + kRevertSuffix);
  if (!staged) return staged.error();
  // rename(2) leaves two names of one file as they are, and
  // nothing had to be done; the staged one goes with its owner.
  if (files_.rename(staged->folder(), staged->name().c_str(), place.folder.get(),
                    place.name.c_str()) == 0)
    return {};
  auto error = rename_error(place, "the old content");
  if (is_named(place, staged->fd()) == true) return {};
  return error;
}

Result<void> Publisher::revert_to_link(const Place& place, const std::string& link,
                                       const std::string& name) const {
  const int staging = state_.staging().fd();
  const auto staged = name + kRevertSuffix;
  files_.unlink(staging, staged.c_str());
  if (files_.make_symlink(link.c_str(), staging, staged.c_str()) != 0)
    return errno_error("make the symlink " + state_.staging().path_of(staged), errno);
  if (files_.rename(staging, staged.c_str(), place.folder.get(), place.name.c_str()) == 0)
    return {};
  auto error = rename_error(place, "the old symlink");
  if (link_target(place) == link) return {};
  files_.unlink(staging, staged.c_str());
  return error;
}

Result<void> Publisher::remove(const Place& place) const {
  if (files_.unlink(place.folder.get(), place.name.c_str()) == 0 || errno == ENOENT) return {};
  const int cause = errno;
  auto error = with_cure_of_access(errno_error("remove " + place.whole, cause), cause);
  const bool is_gone =
      ::faccessat(place.folder.get(), place.name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
      errno == ENOENT;
  if (is_gone) return {};
  return error;
}

Result<content::StagedContent> Publisher::take_kept(const KeptContent& kept,
                                                    const std::optional<Sha256>& expected,
                                                    const std::string& name) const {
  auto staged = kept_.put_in_staging(kept.name, name);
  if (!staged) return staged.error();
  return content::StagedContent::accept_kept(
      std::move(*staged), kept.path, kept.was ? kept.was->entry.sha256 : expected,
      kept.was ? content::Validators{kept.was->etag, kept.was->last_modified}
               : content::Validators{});
}

Result<LiveSide> Publisher::settle(const Target& target) const {
  if (target.swap) return trees_.settle(target);
  const auto digest = live_digest(target.path);
  if (!digest) return digest.error();
  const bool is_new = *digest && (*digest)->sha256 == target.next.entry.sha256;
  return is_new ? LiveSide::kNew : LiveSide::kOld;
}

bool Publisher::needs_swap(const KeptContent& kept) const {
  struct stat status {};
  if (::fstatat(state_.kept().fd(), kept.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISDIR(status.st_mode))
    return true;
  return ::lstat((settings_.file_dir / kept.path).c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<void> Publisher::sync(const Target& target) const {
  if (target.swap) return trees_.sync(target.path);
  auto place = open(target.path, Folders::kMustExist);
  if (!place) return place.error();
  return sync_folder(files_, place->folder.get(), place->whole);
}

Result<std::optional<FileDigest>> Publisher::live_digest(const std::string& path) const {
  auto place = open(path, Folders::kMustExist);
  if (!place && place.error().code == ErrorCode::kNotFound) return std::optional<FileDigest>();
  if (!place) return place.error();
  const auto live = open_there(*place);
  if (!live && (errno == ENOENT || errno == ELOOP)) return std::optional<FileDigest>();
  if (!live) return errno_error("open " + place->whole, errno);
  struct stat status {};
  if (::fstat(live.get(), &status) != 0) return errno_error("stat " + place->whole, errno);
  if (!S_ISREG(status.st_mode)) return std::optional<FileDigest>();
  auto digest = digest_of(live.get(), place->whole);
  if (!digest) return digest.error();
  return std::optional<FileDigest>(*digest);
}

Result<std::string> Publisher::live_blake2b(const std::string& path) const {
  auto place = open(path, Folders::kMustExist);
  if (!place) return place.error();
  const auto live = open_there(*place);
  if (!live) return errno_error("open " + place->whole, errno);
  const auto digest = content::signature::blake2b_of(live.get(), place->whole);
  if (!digest) return digest.error();
  return content::signature::hex_of(*digest);
}

Result<Timestamp> Publisher::changed_at(const Target& target) const {
  if (target.swap) return trees_.changed_at(target.path);
  auto place = open(target.path, Folders::kMustExist);
  if (!place) return place.error();
  struct stat status {};
  if (::fstatat(place->folder.get(), place->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return errno_error("stat " + place->whole, errno);
  return Timestamp(std::chrono::seconds(status.st_ctim.tv_sec) +
                   std::chrono::microseconds(status.st_ctim.tv_nsec / 1000));
}

}  // namespace okg::hot_update
