#include "base/find.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace okg {
namespace {

TEST(ValueAt, is_the_value_itself) {
  std::map<std::string, int> map{{"a", 1}};
  *value_at(map, "a") = 2;
  EXPECT_EQ(map.at("a"), 2);
}

TEST(ValueAt, is_null_without_the_key) {
  const std::map<std::string, int> map{{"a", 1}};
  EXPECT_EQ(value_at(map, "b"), nullptr);
}

}  // namespace
}  // namespace okg
