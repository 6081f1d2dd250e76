// A test that runs as root meets what another user meets.
#pragma once

#include <sys/fsuid.h>
#include <unistd.h>

namespace okg::tests {

inline constexpr uid_t kOtherUser = 65532;

/// While it lives, this thread may do with files what that user may, without any
/// capability. @source setfsuid(2), capabilities(7)
class AsOtherUser {
 public:
  AsOtherUser() { ::setfsuid(kOtherUser); }
  AsOtherUser(const AsOtherUser&) = delete;
  AsOtherUser& operator=(const AsOtherUser&) = delete;
  ~AsOtherUser() { ::setfsuid(::geteuid()); }
};

}  // namespace okg::tests
