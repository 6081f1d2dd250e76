#include "base/text/known_secrets.hpp"

#include <gtest/gtest.h>

namespace okg {
namespace {

std::string words(std::string_view url, std::string_view text) {
  KnownSecrets secrets;
  secrets.add_url(url);
  return secrets.redact(text);
}

TEST(KnownSecrets, masks_a_query_value_however_it_is_written) {
  const auto* url = "https://h/a?Signature=ab%2Bcd%2Fef%3D";
  for (const auto* written :
       {"ab%2Bcd%2Fef%3D", "ab%2bcd%2fef%3d", "ab+cd/ef=", "AB+CD/EF=", "ab%252Bcd%252Fef%253D",
        "ab&#43;cd&#x2f;ef=", "ab+cd\\/ef=", "ab\\u002bcd/ef=", "ab+c\r\n d/ef=", "ab\x1b+cd/ef="})
    EXPECT_EQ(words(url, "<S>" + std::string(written) + "</S>"), "<S>***</S>") << written;
}

TEST(KnownSecrets, masks_what_a_plus_stands_for) {
  EXPECT_EQ(words("https://h/a?k=secret+words", "got 'secret words'"), "got '***'");
  EXPECT_EQ(words("https://h/a?k=secret+words", "got 'secret+words'"), "got '***'");
}

TEST(KnownSecrets, masks_user_and_password_and_their_basic_credentials) {
  const auto* url = "https://deploy:p%40ss!9@h/a";
  EXPECT_EQ(words(url, "deploy with p@ss!9"), "*** with ***");
  EXPECT_EQ(words(url, "Basic ZGVwbG95OnBAc3MhOQ=="), "Basic ***==");
  EXPECT_EQ(words("https://tok@h/a", "Basic dG9rOg=="), "Basic ***==");
}

TEST(KnownSecrets, masks_a_short_one_as_a_word_of_its_own) {
  EXPECT_EQ(words("https://u1:pw2@h/a?t=x3y", "u1, pw2 (t=x3y) of au10"),
            "***, *** (t=***) of au10");
  EXPECT_EQ(words("https://h/a?t=short1", "badshort1x"), "bad***x");
  EXPECT_EQ(words("https://h/a?v=1", "HTTP/1.1"), "HTTP/1.1");
}

TEST(KnownSecrets, masks_values_without_a_name_and_the_longest_first) {
  EXPECT_EQ(words("https://h/a?tokenabc&x=tokenabcdef", "tokenabcdef tokenabc"), "*** ***");
}

TEST(KnownSecrets, leaves_what_is_no_secret) {
  EXPECT_EQ(words("https://h/maps/one.json?x=&y", "maps/one.json & %zz \\ &#; %2"),
            "maps/one.json & %zz \\ &#; %2");
  EXPECT_EQ(KnownSecrets().redact("words"), "words");
}

}  // namespace
}  // namespace okg
