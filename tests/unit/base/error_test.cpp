#include "base/error.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace okg {
namespace {

TEST(ErrorTest, names_the_layer_above_and_keeps_its_reason) {
  const auto error =
      fail(ErrorCode::kUpstream, Reason::kSourceNotFound, "404 Not Found").in("GET u");
  EXPECT_EQ(error.message, "GET u: 404 Not Found");
  EXPECT_EQ(error.code, ErrorCode::kUpstream);
  EXPECT_EQ(error.reason, Reason::kSourceNotFound);
}

TEST(ErrorTest, says_the_cure_last) {
  EXPECT_EQ(fail(ErrorCode::kRefused, "9 bytes").advise("raise maxBytes").message,
            "9 bytes; raise maxBytes");
}

TEST(ErrorTest, says_which_user_lacks_access_and_nothing_of_pods) {
  EXPECT_EQ(
      errno_error("open /a", EACCES).message,
      "open /a: Permission denied; user " + std::to_string(::geteuid()) + " needs access to it");
}

TEST(ErrorTest, keeps_the_reason_of_the_layer_that_saw_more) {
  const auto full = errno_error("write /a", ENOSPC).because(Reason::kDiskError);
  EXPECT_EQ(full.reason, Reason::kNoSpace);
  const auto other = errno_error("write /a", EIO).because(Reason::kDiskError);
  EXPECT_EQ(other.reason, Reason::kDiskError);
}

TEST(ErrorTest, always_has_a_reason_to_show) {
  EXPECT_EQ(shown_reason(fail(ErrorCode::kStopping, "")), Reason::kStopping);
  EXPECT_EQ(shown_reason(fail(ErrorCode::kInternal, "")), Reason::kInternalError);
  EXPECT_EQ(shown_reason(errno_error("write", ENOSPC)), Reason::kNoSpace);
}

}  // namespace
}  // namespace okg
