#include "files/private_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "files/removal.hpp"

namespace okg::files {
namespace {

constexpr mode_t kOthers = 077;
constexpr mode_t kOthersWrite = 022;
constexpr const char* kProbe = "owner.probe";

Result<struct stat> status_of(int file, const std::string& whole) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return errno_error("stat " + whole, errno);
  return status;
}

/// The owner of a file that this process makes there. It need not be the
/// process's user: NFS maps root to nobody, and CIFS gives everything to one user.
Result<uid_t> own_user(const Folder& folder) {
  ::unlinkat(folder.fd(), kProbe, 0);
  const auto probe = folder.open_file(kProbe, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!probe) return probe.error();
  const auto status = status_of(probe->get(), folder.path_of(kProbe));
  ::unlinkat(folder.fd(), kProbe, 0);
  if (!status) return status.error();
  return status->st_uid;
}

}  // namespace

Result<void> check_owner(const Folder& folder) {
  const auto status = status_of(folder.fd(), folder.path().string());
  if (!status) return status.error();
  if (status->st_uid == ::geteuid()) return {};
  const auto own = own_user(folder);
  if (own && *own == status->st_uid) return {};
  return fail(ErrorCode::kForbidden, Reason::kNoPermission, folder.path().string(),
              " belongs to user ", status->st_uid, ", not to user ", ::geteuid(),
              ", so that nothing in it can be trusted");
}

Result<bool> close_to_others(const Folder& folder) {
  const auto whole = folder.path().string();
  const auto before = status_of(folder.fd(), whole);
  if (!before) return before.error();
  if ((before->st_mode & kOthers) == 0) return false;
  (void)::fchmod(folder.fd(), 0700);  // the new mode is read below
  const auto after = status_of(folder.fd(), whole);
  if (!after) return after.error();
  if ((after->st_mode & kOthersWrite) != 0)
    return fail(ErrorCode::kForbidden, Reason::kNoPermission, "others can write in ", whole,
                ", and its mode cannot be changed");
  return true;
}

Result<bool> has_owner_of(const Folder& folder, int file, const std::string& whole) {
  const auto outer = status_of(folder.fd(), folder.path().string());
  if (!outer) return outer.error();
  const auto inner = status_of(file, whole);
  if (!inner) return inner.error();
  return outer->st_uid == inner->st_uid;
}

Result<void> empty(const Folder& folder) {
  const auto names = folder.names();
  if (!names) return names.error();
  RemovalCalls calls;
  for (const auto& name : *names)
    if (auto ok = remove_tree(calls, folder.fd(), name); !ok)
      return ok.error().in(folder.path().string());
  return {};
}

}  // namespace okg::files
