#include "base/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg {
namespace {

TEST(ParseJson, takes_one_value_with_blanks_around_it) {
  EXPECT_EQ(parse_json(" {\"a\":[1]}\r\n")->at("a").at(0), 1);
  EXPECT_FALSE(parse_json("{} {}"));
  EXPECT_FALSE(parse_json(""));
}

TEST(ParseJson, refuses_a_nul_wherever_it_stands) {
  const std::string whole = R"({"a":["b",1.5,true]})";
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    auto text = whole;
    text.insert(at, 1, '\0');
    EXPECT_FALSE(parse_json(text)) << at;
    EXPECT_FALSE(parse_ordered_json(text)) << at;
  }
  EXPECT_FALSE(parse_json(whole + std::string(4096, '\0')));  // the rest of a page of the disk
  EXPECT_EQ(parse_json(R"("\u0000")")->get<std::string>(), std::string(1, '\0'));
}

}  // namespace
}  // namespace okg
