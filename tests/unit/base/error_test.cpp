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

TEST(ReasonTest, is_read_as_it_is_written) {
  for (const auto& each : reason_table())
    EXPECT_EQ(parse_reason(to_string(each.reason)), each.reason) << each.name;
  EXPECT_EQ(to_string(Reason::kConfigMapFull), "ConfigMapFull");
  EXPECT_FALSE(parse_reason("Unheard"));
  EXPECT_FALSE(parse_reason(""));
}

TEST(ReasonTest, has_a_cause_and_a_cure_in_both_languages) {
  for (const auto& each : reason_table())
    for (const auto& text : {each.english, each.chinese}) {
      EXPECT_FALSE(text.cause.empty()) << each.name;
      EXPECT_FALSE(text.cure.empty()) << each.name;
    }
}

TEST(ReasonTest, is_shown_for_every_error) {
  EXPECT_EQ(shown_reason(fail(ErrorCode::kStopping, "")), Reason::kStopping);
  EXPECT_EQ(shown_reason(fail(ErrorCode::kInternal, "")), Reason::kInternalError);
  EXPECT_EQ(shown_reason(errno_error("write", ENOSPC)), Reason::kNoSpace);
}

}  // namespace
}  // namespace okg
