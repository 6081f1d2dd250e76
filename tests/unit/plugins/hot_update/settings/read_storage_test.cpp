#include "plugins/hot_update/settings/read_storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/reading.hpp"
#include "kube/service_account_dir.hpp"

namespace okg::hot_update {
namespace {

using results::StorageType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// Outside a cluster, unless a test says otherwise.
class ReadStorageTest : public testing::Test {
 protected:
  ReadStorageTest() { kube::InCluster::leave(); }

  static results::StorageSettings storage_of(const std::string& text) {
    const config::Reading reading(text);
    auto settings = read_storage(reading.map);
    EXPECT_THAT(reading.lines(), IsEmpty());
    return settings;
  }
  static std::vector<std::string> mistakes_of(const std::string& text) {
    const config::Reading reading(text);
    (void)read_storage(reading.map);
    return reading.lines();
  }
};

TEST_F(ReadStorageTest, is_local_outside_a_cluster) {
  EXPECT_EQ(storage_of("").type, StorageType::kLocal);
}

TEST_F(ReadStorageTest, is_in_kube_in_a_cluster) {
  const kube::InCluster cluster;
  EXPECT_EQ(storage_of("").type, StorageType::kInKube);
}

TEST_F(ReadStorageTest, takes_the_type_that_is_given_wherever_it_is) {
  EXPECT_EQ(storage_of("type: InKube\n").type, StorageType::kInKube);
  const kube::InCluster cluster;
  EXPECT_EQ(storage_of("type: Local\n").type, StorageType::kLocal);
}

TEST_F(ReadStorageTest, writes_neither_annotation_nor_label_by_default) {
  const auto settings = storage_of("").in_kube;
  EXPECT_EQ(settings.annotation_key, "");
  EXPECT_EQ(settings.label_key, "");
}

TEST_F(ReadStorageTest, writes_to_the_config_map_of_the_original_sidecar_by_default) {
  const auto settings = storage_of("").in_kube;
  EXPECT_EQ(settings.config_map_namespace, "kube-system");
  EXPECT_EQ(settings.config_map_name, "sidecar-result");
  EXPECT_EQ(settings.shards, 1U);
  EXPECT_EQ(settings.result_format, results::ResultFormat::kOwn);
}

TEST_F(ReadStorageTest, takes_all_keys_of_in_kube) {
  const auto settings = storage_of(
                            "inKube:\n  annotationKey: example.com/result\n  labelKey: version\n"
                            "  resultFormat: original\n  shards: 8\n"
                            "  configMap: {namespace: games, name: results}\n")
                            .in_kube;
  EXPECT_EQ(settings.annotation_key, "example.com/result");
  EXPECT_EQ(settings.label_key, "version");
  EXPECT_EQ(settings.result_format, results::ResultFormat::kOriginal);
  EXPECT_EQ(settings.shards, 8U);
  EXPECT_EQ(settings.config_map_namespace, "games");
  EXPECT_EQ(settings.config_map_name, "results");
}

TEST_F(ReadStorageTest, takes_1_to_1024_shards) {
  EXPECT_THAT(mistakes_of("inKube: {shards: 1024}\n"), IsEmpty());
  const auto refused = ElementsAre(StartsWith("f:1: inKube.shards: "));
  EXPECT_THAT(mistakes_of("inKube: {shards: 0}\n"), refused);
  EXPECT_THAT(mistakes_of("inKube: {shards: 1025}\n"), refused);
}

TEST_F(ReadStorageTest, refuses_words_that_it_does_not_know) {
  EXPECT_THAT(mistakes_of("type: Redis\n"), ElementsAre(StartsWith("f:1: type: ")));
  EXPECT_THAT(mistakes_of("inKube: {resultFormat: xml}\n"),
              ElementsAre(StartsWith("f:1: inKube.resultFormat: ")));
}

TEST_F(ReadStorageTest, refuses_keys_that_it_does_not_know_at_every_depth) {
  EXPECT_THAT(
      mistakes_of("inkub: {}\ninKube:\n  label: v\n  configMap: {nmae: r}\n"),
      ElementsAre(HasSubstr("f:1: inkub: unknown key"), HasSubstr("f:3: inKube.label: unknown key"),
                  HasSubstr("f:4: inKube.configMap.nmae: unknown key")));
}

TEST_F(ReadStorageTest, leaves_room_for_the_number_of_the_last_shard) {
  const auto named = [](std::size_t bytes, unsigned shards) {
    return mistakes_of("inKube: {shards: " + std::to_string(shards) +
                       ", configMap: {name: " + std::string(bytes, 'a') + "}}\n");
  };
  EXPECT_THAT(named(253, 1), IsEmpty());
  EXPECT_THAT(named(251, 10), IsEmpty());
  EXPECT_THAT(named(251, 11), ElementsAre(HasSubstr("inKube.configMap.name: ")));
}

}  // namespace
}  // namespace okg::hot_update
