#include "plugins/hot_update/orders/order.hpp"

#include <gtest/gtest.h>

#include "limits/documented.hpp"

namespace okg::hot_update {
namespace {

Order parsed(std::string_view text) {
  auto order = parse_order(text);
  EXPECT_TRUE(order) << order.error().message;
  return order ? std::move(*order) : Order{};
}

TEST(OrderTest, has_the_fields_of_a_call_and_two_of_its_own) {
  const auto order =
      parsed(R"({"maps/1.json":{"version":"v2","url":"https://h/a","scope":"pod","by":"me",)"
             R"("requestedAt":"2026-11-25T12:00:00Z"}})");
  ASSERT_TRUE(order.paths.contains("maps/1.json"));
  const auto& path = order.paths.at("maps/1.json");
  EXPECT_EQ(path.request.path, "maps/1.json");
  EXPECT_EQ(path.request.version, "v2");
  EXPECT_EQ(path.request.scope, results::Scope::kPod);
  EXPECT_EQ(path.by, "me");
  EXPECT_EQ(path.requested_at, parse_timestamp("2026-11-25T12:00:00Z").value());
}

TEST(OrderTest, is_no_order_where_the_annotation_is_absent) {
  EXPECT_TRUE(parsed("").paths.empty());
  EXPECT_TRUE(parsed(" \n").paths.empty());
  EXPECT_TRUE(parsed("{}").paths.empty());
}

TEST(OrderTest, takes_numbers_as_they_are_written) {
  EXPECT_EQ(parsed(R"({"a":{"version":3.10,"url":"http://h/a"}})").paths.at("a").request.version,
            "3.10");
}

TEST(OrderTest, is_the_same_however_it_is_spelled_and_another_when_it_says_more) {
  const auto digest = [](std::string_view text) { return parsed(text).paths.at("a").digest; };
  const auto one = digest(R"({"a":{"version":"v2","url":"http://h/a"}})");
  EXPECT_EQ(digest("{ \"a\" : {\n\"url\":\"http:\\/\\/h/a\", \"version\":\"v2\"}}"), one);
  EXPECT_NE(digest(R"({"a":{"version":"v2","url":"http://h/a","by":"x"}})"), one);
}

TEST(OrderTest, names_what_is_wrong_with_a_path_and_reads_the_others) {
  const auto order = parsed(
      R"({"a":{"version":"v2","url":"http://h/a"},"a":{},"b":[{"c":{}}],"c":{"version":{"x":[1]}},)"
      R"("d":{"version":"v1","version":"v2","url":"http://h"},"e":{"version":"v2","url":"http://h/e"},)"
      R"("../f":{"version":"v2","url":"http://h/e"},"g":{"version":"v2","url":"http://h/e","path":"x"}})");
  EXPECT_EQ(order.paths.size(), 1U);
  EXPECT_TRUE(order.paths.contains("e"));
  EXPECT_EQ(order.malformed.at("a"), "the path is given twice");
  EXPECT_EQ(order.malformed.at("b"), "the order is an array");
  EXPECT_EQ(order.malformed.at("c"), "field 'version' is an object; it has to be text");
  EXPECT_EQ(order.malformed.at("d"), "field 'version' is given twice");
  EXPECT_TRUE(order.malformed.contains("../f"));
  EXPECT_EQ(order.malformed.at("g"), "path has no place in an order; leave it out");
}

TEST(OrderTest, takes_a_name_of_whoever_ordered_as_long_as_documented) {
  const auto most = limits::documented("its field by");
  const auto by = [](std::size_t bytes) {
    return R"({"version":"v2","url":"http://h/a","by":")" + std::string(bytes, 'x') + "\"}";
  };
  const auto order = parsed("{\"a\":" + by(most) + ",\"b\":" + by(most + 1) + "}");
  EXPECT_EQ(order.paths.at("a").by.size(), most);
  EXPECT_TRUE(order.malformed.contains("b"));
}

TEST(OrderTest, refuses_what_is_longer_than_an_annotation_may_be_or_no_object) {
  const auto most = limits::documented("the order of a pod");
  EXPECT_TRUE(parse_order(std::string(most, ' ')));
  EXPECT_FALSE(parse_order(std::string(most + 1, ' ')));
  for (const auto* text : {"[]", "7", "\"\"", "null", "{", "{\"a\":{}} x", "\xff"})
    EXPECT_FALSE(parse_order(text)) << text;
}

TEST(OrderTest, refuses_what_stands_behind_a_nul) {
  const std::string order = R"({"a":{"version":"v2","url":"http://h/a"}})";
  ASSERT_TRUE(parse_order(order));
  for (const auto* rest : {"", "x", R"({"b":{"version":"v2","url":"http://h/a"}})"}) {
    const auto refused = parse_order(order + '\0' + rest);
    ASSERT_FALSE(refused) << rest;
    EXPECT_NE(refused.error().message.find("beyond byte 42"), std::string::npos)
        << refused.error().message;
  }
}

}  // namespace
}  // namespace okg::hot_update
