#include "base/text/in_quotes.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

TEST(InQuotes, quotes_a_text_as_it_is) {
  EXPECT_EQ(in_quotes("a b"), "'a b'");
  EXPECT_EQ(in_quotes(""), "''");
}

TEST(InQuotes, masks_the_secrets_of_a_url) {
  EXPECT_EQ(in_quotes("https://u:p@h/a?k=secret"), "'https://***@h/a?k=***'");
}

TEST(InQuotes, quotes_no_more_than_1_kib) {
  EXPECT_EQ(in_quotes(std::string(1024, 'x')), "'" + std::string(1024, 'x') + "'");
  EXPECT_EQ(in_quotes(std::string(1025, 'x')), "'" + std::string(1024, 'x') + "\u2026'");
}

TEST(InQuotes, masks_before_it_cuts) {
  const auto quoted = in_quotes("https://h/a?k=" + std::string(2000, 'x'));
  EXPECT_EQ(quoted, "'https://h/a?k=***'");
}

}  // namespace
}  // namespace okg
