#include "plugins/hot_update/orders/order_json.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

std::map<std::string, RawOrder> read(std::string_view text) { return read_order(text).value(); }

/// What is wrong with the order of the path a.
std::string mistake_of(std::string_view text) { return read(text).at("a").mistake; }

TEST(ReadOrder, gives_each_path_its_fields) {
  const auto orders = read(R"({"a":{"version":"v1","url":"u"},"b":{"version":"v2"}})");
  EXPECT_EQ(orders.at("a").fields, (api::Fields{{"url", "u"}, {"version", "v1"}}));
  EXPECT_EQ(orders.at("b").fields, (api::Fields{{"version", "v2"}}));
  EXPECT_EQ(orders.at("a").mistake, "");
}

TEST(ReadOrder, takes_values_as_they_are_written) {
  EXPECT_EQ(read(R"({"a":{"version":3.10,"x":-1,"y":7,"z":true}})").at("a").fields,
            (api::Fields{{"version", "3.10"}, {"x", "-1"}, {"y", "7"}, {"z", "true"}}));
}

TEST(ReadOrder, may_have_no_path) { EXPECT_TRUE(read("{}").empty()); }

TEST(ReadOrder, says_of_a_path_that_it_is_given_twice) {
  EXPECT_EQ(mistake_of(R"({"a":{"version":"1"},"a":{"version":"1"}})"), "the path is given twice");
}

TEST(ReadOrder, says_of_a_field_that_it_is_given_twice) {
  EXPECT_EQ(mistake_of(R"({"a":{"version":"1","version":"2"}})"), "field 'version' is given twice");
}

TEST(ReadOrder, says_of_a_path_what_its_value_is) {
  EXPECT_EQ(mistake_of(R"({"a":3})"),
            "the order is no object: {\"version\":\u2026,\"url\":\u2026}");
  EXPECT_EQ(mistake_of(R"({"a":null})"), "the order is null; leave it out instead");
  EXPECT_EQ(mistake_of(R"({"a":["v1"]})"), "the order is an array");
}

TEST(ReadOrder, says_nothing_of_a_field_of_the_path_before) {
  EXPECT_EQ(read(R"({"a":{"url":"u"},"b":null})").at("b").mistake,
            "the order is null; leave it out instead");
}

TEST(ReadOrder, says_of_a_field_what_its_value_is) {
  EXPECT_EQ(mistake_of(R"({"a":{"url":null}})"), "field 'url' is null; leave it out instead");
  EXPECT_EQ(mistake_of(R"({"a":{"url":{"b":{}}}})"), "field 'url' is an object; it has to be text");
  EXPECT_EQ(mistake_of(R"({"a":{"url":[[1]]}})"), "field 'url' is an array");
}

TEST(ReadOrder, takes_the_other_paths_all_the_same) {
  const auto orders = read(R"({"a":[{"b":1}],"b":{"version":"v2"}})");
  EXPECT_EQ(orders.at("b").mistake, "");
  EXPECT_EQ(orders.at("b").fields, (api::Fields{{"version", "v2"}}));
}

TEST(ReadOrder, refuses_what_is_no_object) {
  for (const auto* text : {"[]", "3", "-3", "1.5", "\"a\"", "null", "true", "[{}]"})
    EXPECT_TRUE(read_order(text).error().message.starts_with("it is not a JSON object")) << text;
}

TEST(ReadOrder, says_where_it_is_no_json) {
  EXPECT_EQ(read_order("{\"a\":}").error().message,
            "it is not JSON: it cannot be read beyond byte 6");
  EXPECT_FALSE(read_order(""));
}

}  // namespace
}  // namespace okg::hot_update
