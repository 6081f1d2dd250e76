#include "http/form.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST(ParseForm, decodes_names_and_values_in_order) {
  EXPECT_EQ(parse_form("b=x+y&a%20=%E5%9B%BE&c=&d&=e&&f=1=2").value(),
            (Fields{{"b", "x y"}, {"a ", "图"}, {"c", ""}, {"d", ""}, {"", "e"}, {"f", "1=2"}}));
  EXPECT_EQ(parse_form("").value(), Fields{});
}

TEST(ParseForm, refuses_a_malformed_escape_and_names_it) {
  for (const auto* body : {"a=%", "a=%4", "a=%zz", "%g0=1"}) {
    const auto fields = parse_form(body);
    ASSERT_FALSE(fields) << body;
    EXPECT_NE(fields.error().message.find('%'), std::string::npos);
  }
}

TEST(PercentDecode, leaves_a_plus_and_decodes_to_the_last_byte) {
  EXPECT_EQ(percent_decode("a+b%41").value(), "a+bA");
  EXPECT_EQ(percent_decode("%00").value(), std::string(1, '\0'));
}

}  // namespace
}  // namespace okg::http
