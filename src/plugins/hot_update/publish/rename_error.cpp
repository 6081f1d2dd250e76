#include "plugins/hot_update/publish/rename_error.hpp"

#include <cerrno>
#include <string_view>

#include "plugins/hot_update/ledger/state_dir.hpp"

namespace okg::hot_update {
namespace {

/// For EPERM; users and modes give EACCES.
constexpr std::string_view kCureOfNotPermitted =
    "it or its folder is immutable or append only (see lsattr, and take it off with chattr -i -a), "
    "or another user's in a sticky folder";

}  // namespace

Error with_cure_of_access(const Error& error, int cause) {
  if (cause == EPERM) return error.advise(kCureOfNotPermitted);
  return cause == EACCES ? error.advise(kCureOfNoAccess) : error;
}

Error rename_error(const Place& place, const std::string& what) {
  const int cause = errno;
  auto error = errno_error("rename " + what + " to " + place.whole, cause);
  if (cause == EXDEV)
    return error.advise("they are different mounts: put stateDir on the shared volume")
        .because(Reason::kStateDirElsewhere);
  if (cause == EISDIR) return error.because(Reason::kTargetIsDirectory);
  if (cause != EBUSY) return with_cure_of_access(error, cause);
  return error.advise("it is a mount point: mount its folder into the containers, not the file")
      .because(Reason::kTargetIsMountPoint);
}

}  // namespace okg::hot_update
