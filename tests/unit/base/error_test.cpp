#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

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

TEST(ErrorTest, keeps_the_reason_of_the_layer_that_saw_more) {
  const auto full = errno_error("write /a", ENOSPC).because(Reason::kDiskError);
  EXPECT_EQ(full.reason, Reason::kNoSpace);
  const auto other = errno_error("write /a", EIO).because(Reason::kDiskError);
  EXPECT_EQ(other.reason, Reason::kDiskError);
}

TEST(ReasonTest, is_read_as_it_is_written) {
  for (auto i = 1; i <= static_cast<int>(Reason::kConfigMapFull); ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(parse_reason(to_string(reason)), reason) << to_string(reason);
  }
  EXPECT_EQ(to_string(Reason::kConfigMapFull), "ConfigMapFull");
  EXPECT_FALSE(parse_reason("Unheard"));
  EXPECT_FALSE(parse_reason(""));
}

}  // namespace
}  // namespace okg
