#include "store/original_entry.hpp"

#include <gtest/gtest.h>

namespace okg::store {
namespace {

TEST(original_entry, gives_the_last_version_of_the_map) {
  const auto files = parse_original_entry("hot_update:\n    v1: https://h/v1/index.html\n    v2: https://h/v2/index.html\n");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(*files, (Files{{"index.html", {"v2", "https://h/v2/index.html", std::nullopt, Scope::kWorkload, Timestamp{}}}}));
}

TEST(original_entry, names_the_file_by_the_urls_last_segment) {
  EXPECT_TRUE(parse_original_entry(R"(hot_update: {v1: "https://h/v1/my%20map.json?token=a/b#top"})")->contains("my map.json"));
}

TEST(original_entry, has_nothing_when_no_update_was_made) {
  EXPECT_TRUE(parse_original_entry("hot_update: {OriginVersion: OriginUrl}")->empty());
  EXPECT_TRUE(parse_original_entry("hot_update: {}")->empty());
  EXPECT_TRUE(parse_original_entry("http_probe: {a: b}")->empty());
}

TEST(original_entry, skips_the_placeholder_wherever_it_stands) {
  const auto files = parse_original_entry("hot_update: {v1: 'https://h/index.html', OriginVersion: OriginUrl}");
  EXPECT_EQ(files->at("index.html").version, "v1");
}

TEST(original_entry, refuses_what_leads_to_no_file_name) {
  for (const char* url :
       {"https://h/", "https://h", "https://h/a/..", "https://h/%2e%2e", "https://h/a%2Fb", "https://h/a%00b", "nonsense"}) {
    EXPECT_FALSE(parse_original_entry("hot_update: {v1: '" + std::string(url) + "'}")) << url;
  }
}

TEST(original_entry, refuses_what_is_no_map_of_urls) {
  for (const char* text :
       {"", ": [", "text", "[1]", "hot_update: text", "hot_update: {v1: [x]}", "hot_update: {v1: {a: b}}", "\t\xff"}) {
    EXPECT_FALSE(parse_original_entry(text)) << text;
  }
}

}  // namespace
}  // namespace okg::store
