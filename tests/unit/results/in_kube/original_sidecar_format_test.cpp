#include "results/in_kube/original_sidecar_format.hpp"

#include <gtest/gtest.h>

#include "results/in_kube/original_sidecar_entry.hpp"

namespace okg::results {
namespace {

constexpr const char* kUrl = "https://cdn.example.com/game/v2/index.html";

Entry entry(std::string version, std::string url = kUrl) {
  return {std::move(version), std::move(url), std::nullopt, Scope::kWorkload, Timestamp{}};
}

TEST(original_format, says_success_and_failure_in_the_originals_words) {
  LastResult last;
  last.version = "v2";
  last.result = "Succeeded";
  EXPECT_EQ(original_annotation(last), "v2: Update success");
  last.result = "Failed";
  last.message = "no process matches";
  EXPECT_EQ(original_annotation(last),
            "v2: Failed to load hot update file by signal: no process matches");
}

TEST(original_format, writes_the_entry_as_yaml_v3_does) {
  const auto yaml = with_original_version("", entry("v2"));
  ASSERT_TRUE(yaml);
  EXPECT_EQ(**yaml, "hot_update:\n    v2: https://cdn.example.com/game/v2/index.html\n");
}

TEST(original_format, keeps_what_the_original_wrote) {
  const auto yaml = with_original_version(
      "http_probe:\n    a: b\nhot_update:\n    OriginVersion: OriginUrl\n    v1: https://h/a\n",
      entry("v2", "https://h/a"));
  EXPECT_EQ(**yaml,
            "hot_update:\n    OriginVersion: OriginUrl\n    v1: https://h/a\n    v2: https://h/a\n"
            "http_probe:\n    a: b\n");
}

TEST(original_format, writes_nothing_for_a_version_that_is_there) {
  const auto yaml =
      with_original_version("hot_update: {v2: 'https://h/a'}", entry("v2", "https://h/a"));
  ASSERT_TRUE(yaml);
  EXPECT_FALSE(*yaml);
}

TEST(original_format, quotes_what_yaml_would_take_for_something_else) {
  for (const auto* version : {"1.0", "true", "y", "v:", "-1", "a b", "\u5730\u56fe"}) {
    const auto yaml = with_original_version("", entry(version, "https://h/a#b: c"));
    const auto again = with_original_version(**yaml, entry(version, "https://h/a#b: c"));
    EXPECT_FALSE(*again) << **yaml;
  }
  EXPECT_NE((*with_original_version("", entry("1.0")))->find("\"1.0\": "), std::string::npos);
}

TEST(original_format, refuses_to_write_over_what_it_does_not_understand) {
  EXPECT_FALSE(with_original_version("[]", entry("v2")));
  EXPECT_FALSE(with_original_version("hot_update: text", entry("v2")));
}

TEST(original_format, gives_an_added_pod_the_highest_version_of_its_siblings) {
  kube::ConfigMap map;
  map.data["games-lobby-0"] = "hot_update: {v2: 'https://h/v2/a'}";
  map.data["games-lobby-1"] = "hot_update: {v10: 'https://h/v10/a'}";
  map.data["games-lobby-2"] = "broken: [";
  map.data["games-lobby-x"] = "hot_update: {v99: 'https://h/v99/a'}";
  map.data["games-other-0"] = "hot_update: {v99: 'https://h/v99/a'}";
  const kube::Workload workload{"games", "GameServerSet", "lobby"};
  Ignored ignored;
  EXPECT_EQ(original_files_of_siblings(map, workload, "lobby-3", ignored).at("a").version, "v10");
  EXPECT_NE(ignored.at("").message.find("key games-lobby-2"), std::string::npos);
  EXPECT_TRUE(original_files_of_siblings(map, workload, "lobby-0", ignored).empty());
}

}  // namespace
}  // namespace okg::results
