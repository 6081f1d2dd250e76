#include "base/reason.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace okg {
namespace {

TEST(ReasonTest, is_read_as_it_is_written) {
  for (std::size_t i = 1; i <= kReasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(parse_reason(to_string(reason)), reason) << i;
  }
}

TEST(ReasonTest, has_the_word_of_its_name) {
  EXPECT_EQ(to_string(Reason::kInvalidField), "InvalidField");
  EXPECT_EQ(to_string(Reason::kCertificateNotUsable), "CertificateNotUsable");
  EXPECT_EQ(to_string(Reason::kNone), "");
}

TEST(ReasonTest, is_none_for_another_word) {
  EXPECT_FALSE(parse_reason("Unheard"));
  EXPECT_FALSE(parse_reason(""));
}

}  // namespace
}  // namespace okg
