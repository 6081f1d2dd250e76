#include "reference/reason_texts.hpp"

#include <gtest/gtest.h>

namespace okg::reference {
namespace {

TEST(ReasonTextsTest, have_a_cause_and_a_cure_in_both_languages) {
  for (const auto& each : reason_texts())
    for (const auto& text : {each.english, each.chinese}) {
      EXPECT_FALSE(text.cause.empty()) << to_string(each.reason);
      EXPECT_FALSE(text.cure.empty()) << to_string(each.reason);
    }
}

}  // namespace
}  // namespace okg::reference
