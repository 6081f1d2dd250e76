#include "content/signature/claims.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg::content::signature {
namespace {

std::string why_no_claims(std::string_view comment) {
  const auto claims = parse_claims(comment);
  return claims ? "" : claims.error().message;
}

TEST(Claims_, are_words_in_any_order) {
  const Claims claims{"maps/1.json", "v2", "prod/StatefulSet/game"};
  EXPECT_EQ(parse_claims("path=maps/1.json version=v2 workload=prod/StatefulSet/game").value(),
            claims);
  EXPECT_EQ(parse_claims("version=v2 workload=prod/StatefulSet/game path=maps/1.json").value(),
            claims);
}

TEST(Claims_, may_have_the_words_of_minisign_beside_them) {
  EXPECT_EQ(parse_claims("timestamp:1764000000\tfile:a\thashed path=a version=v1").value(),
            (Claims{"a", "v1", ""}));
}

TEST(Claims_, take_spaces_and_letters_of_all_scripts_encoded_or_as_they_are) {
  EXPECT_EQ(parse_claims("path=a%20b/%E5%9C%B0 version=v1").value().path, "a b/地");
  EXPECT_EQ(parse_claims("path=地 version=v1").value().path, "地");
}

TEST(Claims_, are_refused_when_one_is_missing_twice_empty_or_unknown) {
  for (const auto* comment :
       {"", "path=a", "version=v1", "hello path=a version=v1", "path=a path=b version=v1",
        "path= version=v1", "path=a version=v1 expires=2030", "path=%zz version=v1",
        "path=%2 version=v1", "PATH=a version=v1"})
    EXPECT_NE(why_no_claims(comment), "") << comment;
}

TEST(Claims_, hold_for_what_they_name_and_nothing_else) {
  const Claims wanted{"a", "v2", "w"};
  EXPECT_TRUE(check_claims({"a", "v2", "w"}, wanted));
  for (const auto& other : {Claims{"b", "v2", "w"}, Claims{"a", "v1", "w"}, Claims{"a", "v2", "x"},
                            Claims{"a", "v2", ""}, Claims{"A", "v2", "w"}})
    EXPECT_FALSE(check_claims(other, wanted));
  EXPECT_FALSE(check_claims({"a", "v2", "w"}, {"a", "v2", ""}));
}

}  // namespace
}  // namespace okg::content::signature
