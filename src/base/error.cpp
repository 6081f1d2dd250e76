#include "base/error.hpp"

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace okg {
namespace {

ErrorCode code_of(int errno_value) {
  switch (errno_value) {
    case ENOSPC:
    case EDQUOT: return ErrorCode::kNoSpace;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::kForbidden;
    case ENOENT: return ErrorCode::kNotFound;
    default: return ErrorCode::kInternal;
  }
}

std::string_view cure_of(int errno_value) {
  switch (errno_value) {
    case ENOSPC: return "; make room on that file system, or give it more";
    case EDQUOT: return "; the quota on that file system is used up: make room, or raise it";
    case EROFS: return "; mount it writable for the sidecar";
    case EXDEV: return "; they are different mounts: put stateDir on the shared volume";
    case EACCES: return "; the sidecar's user needs access (fsGroup, or runAsUser)";
    default: return "";
  }
}

}  // namespace

Error errno_error(std::string_view what, int errno_value) {
  return Error{code_of(errno_value), std::string(what) + ": " +
                                         std::generic_category().message(errno_value) +
                                         std::string(cure_of(errno_value))};
}

}  // namespace okg
