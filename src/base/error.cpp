#include "base/error.hpp"

#include <cerrno>
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

}  // namespace

Error errno_error(std::string_view what, int errno_value) {
  return Error{code_of(errno_value), std::string(what) + ": " + std::generic_category().message(errno_value)};
}

}  // namespace okg
