#include "results/in_kube/pod_metadata.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "results/in_kube/keys.hpp"

namespace okg::results {
namespace {

using nlohmann::json;

/// An update of the path "a" to v2 that failed: v1 is live.
class PodMetadataTest : public testing::Test {
 protected:
  PodMetadataTest() {
    record_.last.version = "v2";
    record_.last.result = "Failed";
    record_.last.message = "why";
    record_.last.path = "a";
    record_.files["a"].version = "v1";
    record_.files["b"].version = "v3";
    settings_.annotation_key = "example.com/result";
    settings_.label_key = "version";
  }
  [[nodiscard]] json metadata() const { return metadata_of(record_, settings_); }
  [[nodiscard]] json result_at(const std::string& annotation) const {
    return json::parse(metadata().at("annotations").at(annotation).get<std::string>());
  }

  Record record_;
  InKubeSettings settings_;
};

TEST_F(PodMetadataTest, has_the_last_result_at_the_annotation) {
  EXPECT_EQ(result_at("example.com/result").at("version"), "v2");
  EXPECT_EQ(result_at("example.com/result").at("result"), "Failed");
}

TEST_F(PodMetadataTest, has_the_live_version_at_the_label_also_after_a_failure) {
  EXPECT_EQ(metadata().at("labels"), json({{"version", "v1"}}));
}

TEST_F(PodMetadataTest, has_no_label_while_nothing_is_live_at_the_path) {
  record_.files.erase("a");
  EXPECT_FALSE(metadata().contains("labels"));
}

TEST_F(PodMetadataTest, is_empty_when_the_settings_name_nothing) {
  settings_.annotation_key.clear();
  settings_.label_key.clear();
  EXPECT_EQ(metadata(), json::object());
}

TEST_F(PodMetadataTest, has_a_label_without_an_annotation) {
  settings_.annotation_key.clear();
  EXPECT_FALSE(metadata().contains("annotations"));
  EXPECT_TRUE(metadata().contains("labels"));
}

TEST_F(PodMetadataTest, has_an_annotation_without_a_label) {
  settings_.label_key.clear();
  EXPECT_TRUE(metadata().contains("annotations"));
  EXPECT_FALSE(metadata().contains("labels"));
}

TEST_F(PodMetadataTest, has_the_text_of_the_original_sidecar_and_ours_beside_it) {
  settings_.result_format = ResultFormat::kOriginal;
  const auto annotations = metadata().at("annotations");
  ASSERT_EQ(annotations.size(), 2U);
  EXPECT_EQ(annotations.at("example.com/result"),
            "v2: Failed to load hot update file by signal: why");
  EXPECT_EQ(result_at("okg-sidecar.io/hot-update-result").at("version"), "v2");
}

TEST_F(PodMetadataTest, cuts_a_message_that_is_too_long) {
  record_.last.message = std::string(2000, 'x');
  EXPECT_EQ(result_at("example.com/result").at("message"), std::string(1024, 'x') + "…");
}

TEST_F(PodMetadataTest, leaves_what_orders_came_to_as_it_is) {
  EXPECT_FALSE(metadata().at("annotations").contains(kObservedAnnotation));
}

TEST_F(PodMetadataTest, has_what_orders_came_to) {
  record_.observed = R"({"a":{}})";
  EXPECT_EQ(metadata().at("annotations").at(kObservedAnnotation), R"({"a":{}})");
}

TEST_F(PodMetadataTest, has_what_orders_came_to_also_without_an_annotation_of_results) {
  settings_.annotation_key.clear();
  record_.observed = R"({"a":{}})";
  EXPECT_EQ(metadata().at("annotations"), json({{kObservedAnnotation, R"({"a":{}})"}}));
}

TEST_F(PodMetadataTest, removes_what_orders_came_to_once_there_are_none) {
  record_.observed = "";
  EXPECT_TRUE(metadata().at("annotations").at(kObservedAnnotation).is_null());
}

TEST(metadata_of_observed, has_what_orders_came_to_and_nothing_else) {
  EXPECT_EQ(metadata_of_observed("{}"), json({{"annotations", {{kObservedAnnotation, "{}"}}}}));
}

TEST(metadata_of_observed, removes_the_annotation_without_a_text) {
  EXPECT_EQ(metadata_of_observed(""), json({{"annotations", {{kObservedAnnotation, nullptr}}}}));
}

TEST(with_short_message, leaves_a_message_that_is_short_enough) {
  LastResult last;
  last.message = std::string(1024, 'x');
  EXPECT_EQ(with_short_message(last).message, last.message);
}

}  // namespace
}  // namespace okg::results
