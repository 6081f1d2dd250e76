#include "api/update_id.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace okg::api {
namespace {

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

TEST(UpdateId, begins_with_the_second_of_its_request) {
  EXPECT_THAT(make_update_id(at("2026-11-25T15:40:12.9Z")),
              testing::MatchesRegex("20261125-154012-[0-9a-f]{8}"));
}

TEST(UpdateId, has_the_second_that_has_begun_also_before_1970) {
  EXPECT_THAT(make_update_id(at("1969-12-31T23:59:59.5Z")),
              testing::StartsWith("19691231-235959-"));
}

TEST(UpdateId, comes_once) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.insert(make_update_id(at("2026-11-25T15:40:12Z")));
  EXPECT_EQ(ids.size(), 100U);
}

}  // namespace
}  // namespace okg::api
