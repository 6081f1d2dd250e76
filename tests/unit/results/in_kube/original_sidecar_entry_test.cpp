#include "results/in_kube/original_sidecar_entry.hpp"

#include <gtest/gtest.h>

namespace okg::results {
namespace {

std::string version_of(const std::string& versions) {
  std::string yaml = "hot_update:\n";
  for (std::size_t begin = 0; begin < versions.size();) {
    const auto end = std::min(versions.find(' ', begin), versions.size());
    const auto version = versions.substr(begin, end - begin);
    yaml += "  " + version + ": https://h/" + version + "/index.html\n";
    begin = end + 1;
  }
  return parse_original_entry(yaml)->at("index.html").version;
}

TEST(original_entry, gives_the_highest_version_as_the_original_orders_them) {
  EXPECT_EQ(version_of("v1 v10 v9"), "v10");
  EXPECT_EQ(version_of("v1.2 v1.10.0 v1.9.9"), "v1.10.0");
  EXPECT_EQ(version_of("v1.0.0 v1.0.0-rc.1"), "v1.0.0");
  EXPECT_EQ(version_of("v1.0.0-rc.2 v1.0.0-rc.10 v1.0.0-beta"), "v1.0.0-rc.10");
  EXPECT_EQ(version_of("v1.0.0-rc v1.0.0-rc.1 v1.0.0-1"), "v1.0.0-rc.1");
  EXPECT_EQ(version_of("v2 v1"), "v2");
}

TEST(original_entry, gives_every_file_that_the_pod_was_updated_with) {
  const auto files = parse_original_entry(
      "hot_update: {v1: 'https://h/index.html', v2: 'https://h/map.json', v3: 'https://h/'}");
  ASSERT_TRUE(files);
  EXPECT_EQ(files->size(), 2U);
  EXPECT_EQ(files->at("index.html").version, "v1");
  EXPECT_EQ(files->at("map.json").version, "v2");
}

TEST(original_entry, becomes_a_file_asked_for_at_the_epoch) {
  const auto files = parse_original_entry(
      "hot_update:\n    v1: https://h/v1/index.html\n    v2: https://h/v2/index.html\n");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(
      *files,
      (Entries{{"index.html",
                {"v2", "https://h/v2/index.html", std::nullopt, Scope::kWorkload, Timestamp{}}}}));
}

TEST(original_entry, names_the_file_by_the_urls_last_segment) {
  EXPECT_TRUE(
      parse_original_entry(R"(hot_update: {v1: "https://h/v1/my%20map.json?token=a/b#top"})")
          ->contains("my map.json"));
}

TEST(original_entry, has_nothing_when_no_update_was_made) {
  EXPECT_TRUE(parse_original_entry("hot_update: {OriginVersion: OriginUrl}")->empty());
  EXPECT_TRUE(parse_original_entry("hot_update: {}")->empty());
  EXPECT_TRUE(parse_original_entry("http_probe: {a: b}")->empty());
}

TEST(original_entry, skips_the_placeholder_wherever_it_stands) {
  const auto files =
      parse_original_entry("hot_update: {v1: 'https://h/index.html', OriginVersion: OriginUrl}");
  EXPECT_EQ(files->at("index.html").version, "v1");
}

TEST(original_entry, refuses_what_leads_to_no_file_name) {
  for (const char* url : {"https://h/", "https://h", "https://h/a/..", "https://h/%2e%2e",
                          "https://h/a%2Fb", "https://h/a%00b", "nonsense"}) {
    EXPECT_FALSE(parse_original_entry("hot_update: {v1: '" + std::string(url) + "'}")) << url;
  }
}

TEST(original_entry, refuses_what_is_no_map_of_urls) {
  for (const char* text : {"", ": [", "text", "[1]", "hot_update: text", "hot_update: {v1: [x]}",
                           "hot_update: {v1: {a: b}}", "\t\xff"}) {
    EXPECT_FALSE(parse_original_entry(text)) << text;
  }
}

}  // namespace
}  // namespace okg::results
