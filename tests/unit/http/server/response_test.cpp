#include "http/server/response.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

TEST(SharedText, is_shared_by_its_copies) {
  const SharedText text(std::string("a"));
  const auto copy = text;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.view().data(), text.view().data());
}

TEST(SharedText, is_empty_without_one) {
  EXPECT_EQ(SharedText().view(), "");
  EXPECT_EQ(SharedText().size(), 0U);
}

TEST(LastBody, gives_the_same_text_one_body) {
  LastBody last;
  const auto first = last.share("a");
  EXPECT_EQ(last.share("a").view().data(), first.view().data());
}

TEST(LastBody, gives_another_text_another) {
  LastBody last;
  const auto first = last.share("a");
  const auto second = last.share("b");
  EXPECT_EQ(first.view(), "a");
  EXPECT_EQ(second.view(), "b");
}

TEST(Refusal, has_the_shape_of_all_of_them) {
  const auto response = refusal(404, "no such page", Reason::kInvalidField);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body.view(), R"({"result":"Failed","stage":"request","reason":"InvalidField",)"
                                  "\"message\":\"no such page\"}\n");
}

TEST(Refusal, makes_what_it_quotes_harmless) {
  EXPECT_EQ(refusal(400, "\u202e\xff", Reason::kNone).body.view().find("\u202e"),
            std::string_view::npos);
}

}  // namespace
}  // namespace okg::http
