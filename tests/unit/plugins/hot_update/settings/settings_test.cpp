#include "plugins/hot_update/settings/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/node.hpp"

namespace okg::hot_update {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> mistakes_in(const std::string& in_kube) {
  config::Mistakes mistakes("config.yaml");
  const auto root =
      config::parse_yaml("loadPatchType: none\nstorageConfig:\n  inKube:\n" + in_kube, mistakes);
  if (!root) return {"no YAML"};
  config::PluginEntry entry;
  entry.config = *root;
  entry.key_path = "plugins[0].config";
  (void)read_settings(entry, mistakes);
  std::vector<std::string> lines;
  for (const auto& mistake : mistakes.list()) lines.push_back(to_string(mistake));
  return lines;
}

TEST(read_settings, takes_names_that_kubernetes_takes) {
  EXPECT_THAT(mistakes_in("    annotationKey: sidecar.vke.volcengine.com/hot-update-result\n    "
                          "labelKey: hot-update-version\n"
                          "    shards: 3\n    configMap: {namespace: games, name: my.results}\n"),
              ElementsAre());
}

TEST(read_settings, names_what_kubernetes_would_refuse_with_file_line_and_key) {
  EXPECT_THAT(
      mistakes_in("    annotationKey: 'a b'\n    labelKey: x/y/z\n    configMap:\n      namespace: "
                  "Kube\n      name: ../x\n"),
      ElementsAre(
          AllOf(HasSubstr("config.yaml:4: plugins[0].config.storageConfig.inKube.annotationKey:"),
                HasSubstr("'a b'")),
          AllOf(HasSubstr("config.yaml:5: "), HasSubstr("inKube.labelKey:"),
                HasSubstr("key of a label")),
          AllOf(HasSubstr("config.yaml:7: "), HasSubstr("configMap.namespace:"),
                HasSubstr("kube-system")),
          AllOf(HasSubstr("config.yaml:8: "), HasSubstr("configMap.name:"),
                HasSubstr("sidecar-result"))));
}

TEST(read_settings, leaves_room_for_the_number_of_a_shard) {
  const auto name = std::string(252, 'a');
  EXPECT_THAT(mistakes_in("    configMap: {name: " + name + "}\n"), ElementsAre());
  EXPECT_THAT(mistakes_in("    shards: 2\n    configMap: {name: " + name + "}\n"),
              ElementsAre(HasSubstr("configMap.name")));
}

}  // namespace
}  // namespace okg::hot_update
