#include "base/error.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "base/text/words.hpp"

namespace okg {
namespace {

ErrorCode code_of(int errno_value) {
  switch (errno_value) {
    case ENOSPC:
    case EFBIG:
    case EDQUOT: return ErrorCode::kNoSpace;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::kForbidden;
    case ENOENT: return ErrorCode::kNotFound;
    default: return ErrorCode::kInternal;
  }
}

Reason reason_of(int errno_value) {
  switch (errno_value) {
    case ENOSPC:
    case EFBIG:
    case EDQUOT: return Reason::kNoSpace;
    case EROFS: return Reason::kReadOnly;
    case EACCES:
    case EPERM: return Reason::kNoPermission;
    default: return Reason::kNone;
  }
}

std::string cure_of(int errno_value) {
  switch (errno_value) {
    case ENOSPC: return "; make room on that file system, or give it more";
    case EDQUOT: return "; the quota on that file system is used up: make room, or raise it";
    case EFBIG: return "; raise the limit of this process (ulimit -f), or of that file system";
    case EROFS: return "; mount it writable";
    case EACCES: return "; user " + std::to_string(::geteuid()) + " needs access to it";
    default: return "";
  }
}

constexpr Word<ErrorCode> kWords[]{
    {ErrorCode::kInvalid, "invalid"},         {ErrorCode::kNotFound, "notFound"},
    {ErrorCode::kForbidden, "forbidden"},     {ErrorCode::kConflict, "conflict"},
    {ErrorCode::kUnavailable, "unavailable"}, {ErrorCode::kTimeout, "timeout"},
    {ErrorCode::kUpstream, "upstream"},       {ErrorCode::kRefused, "refused"},
    {ErrorCode::kNoSpace, "noSpace"},         {ErrorCode::kStopping, "stopping"},
    {ErrorCode::kInternal, "internal"},
};

}  // namespace

std::string_view to_string(ErrorCode code) { return word_of(code, kWords); }

std::optional<ErrorCode> parse_error_code(std::string_view word) { return value_of(word, kWords); }

Error errno_error(std::string_view what, int errno_value) {
  return Error{
      code_of(errno_value),
      concat(what, ": ", std::generic_category().message(errno_value), cure_of(errno_value)),
      reason_of(errno_value)};
}

}  // namespace okg
