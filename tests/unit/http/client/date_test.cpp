#include "http/client/date.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

TEST(ParseHttpDate, takes_the_form_of_headers) {
  EXPECT_EQ(parse_http_date("Tue, 24 Nov 2026 16:11:31 GMT"), 1795536691);
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
}

TEST(ParseHttpDate, takes_the_obsolete_forms_as_well) {
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), 784111777);
}

TEST(ParseHttpDate, is_nothing_of_what_is_no_date) {
  for (const auto* text : {"", "0", "yesterday", "Tue, 99 Nov 2026 16:11:31 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace okg::http
