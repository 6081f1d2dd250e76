#include "base/error.hpp"

#include <array>
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

Reason reason_of(int errno_value) {
  switch (errno_value) {
    case ENOSPC:
    case EDQUOT: return Reason::kNoSpace;
    case EROFS: return Reason::kReadOnly;
    case EACCES:
    case EPERM: return Reason::kNoPermission;
    default: return Reason::kNone;
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

constexpr std::array<std::string_view, 11> kWords{
    "invalid",  "notFound", "forbidden", "conflict", "unavailable", "timeout",
    "upstream", "refused",  "noSpace",   "stopping", "internal"};

}  // namespace

std::string_view to_string(ErrorCode code) { return kWords.at(static_cast<std::size_t>(code)); }

std::optional<ErrorCode> parse_error_code(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (kWords[i] == word) return static_cast<ErrorCode>(i);
  return std::nullopt;
}

Error errno_error(std::string_view what, int errno_value) {
  return Error{code_of(errno_value),
               std::string(what) + ": " + std::generic_category().message(errno_value) +
                   std::string(cure_of(errno_value)),
               reason_of(errno_value)};
}

}  // namespace okg
