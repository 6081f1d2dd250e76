#include "http/form.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

TEST(SplitForm, gives_pairs_as_they_were_sent) {
  const auto pairs = split_form("b=x+y&a%20=%E5&c=&d&=e&&f=1=2");
  std::string shown;
  for (const auto& pair : pairs)
    shown += std::string(pair.name) + ":" + std::string(pair.value) + "(" + std::string(pair.text) +
             ") ";
  EXPECT_EQ(shown, "b:x+y(b=x+y) a%20:%E5(a%20=%E5) c:(c=) d:(d) :e(=e) f:1=2(f=1=2) ");
  EXPECT_TRUE(split_form("").empty());
}

TEST(DecodeFormText, takes_a_plus_for_a_space) {
  EXPECT_EQ(decode_form_text("x+y%2B%E5%9B%BE").value(), "x y+图");
}

TEST(DecodeFormText, refuses_a_malformed_escape_and_names_it) {
  for (const auto* text : {"%", "%4", "%zz", "a%g0"}) {
    const auto decoded = decode_form_text(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_NE(decoded.error().message.find('%'), std::string::npos);
  }
}

TEST(PercentEncode, encodes_all_but_unreserved_characters) {
  EXPECT_EQ(percent_encode("aZ0-._~ /+&%ü"), "aZ0-._~%20%2F%2B%26%25%C3%BC");
}

TEST(PercentDecode, leaves_a_plus_and_decodes_to_the_last_byte) {
  EXPECT_EQ(percent_decode("a+b%41").value(), "a+bA");
  EXPECT_EQ(percent_decode("%00").value(), std::string(1, '\0'));
}

}  // namespace
}  // namespace okg::http
