#include "kube/access_review.hpp"

#include <gmock/gmock.h>

namespace okg::kube {
namespace {

using ::testing::ElementsAre;

constexpr auto kKnown = R"({"kind":"TokenReview","status":{"authenticated":true,"audiences":["a"],
  "user":{"username":"ops","uid":"1","groups":["g"],"extra":{"k":["v"]}}}})";

TEST(TokenReview, says_who_it_is) {
  const auto user = parse_token_review(kKnown, "a").value();
  ASSERT_TRUE(user);
  EXPECT_EQ(user->name, "ops");
  EXPECT_EQ(user->uid, "1");
  EXPECT_THAT(user->groups, ElementsAre("g"));
  EXPECT_THAT(user->extra.at("k"), ElementsAre("v"));
}

TEST(TokenReview, knows_nobody_without_every_word_of_it) {
  EXPECT_FALSE(parse_token_review(kKnown, "b").value());
  for (const auto* status :
       {R"({"authenticated":false,"audiences":["a"],"user":{"username":"ops"}})",
        R"({"authenticated":"true","audiences":["a"],"user":{"username":"ops"}})",
        R"({"authenticated":true,"user":{"username":"ops"}})",
        R"({"authenticated":true,"audiences":["a"],"user":{"username":""}})",
        R"({"authenticated":true,"audiences":["a"]})", "{}"})
    EXPECT_FALSE(
        parse_token_review(R"({"kind":"TokenReview","status":)" + std::string(status) + "}", "a")
            .value())
        << status;
  for (const auto* body :
       {"", "[]", R"({"kind":"TokenReview"})", R"({"kind":"Status","status":{}})"})
    EXPECT_FALSE(parse_token_review(body, "a")) << body;
}

TEST(AccessReview, has_to_say_yes_and_not_no) {
  const auto of = [](const std::string& status) {
    return parse_access_review(R"({"kind":"SubjectAccessReview","status":)" + status + "}");
  };
  EXPECT_TRUE(of(R"({"allowed":true})").value());
  EXPECT_FALSE(of(R"({"allowed":true,"denied":true})").value());
  EXPECT_FALSE(of(R"({"allowed":1})").value());
  EXPECT_FALSE(of("{}").value());
  EXPECT_FALSE(of("null"));
}

}  // namespace
}  // namespace okg::kube
