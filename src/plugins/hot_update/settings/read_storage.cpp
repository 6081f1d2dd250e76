#include "plugins/hot_update/settings/read_storage.hpp"

#include <string>

#include "base/environment.hpp"
#include "base/text/words.hpp"
#include "kube/names.hpp"

namespace okg::hot_update {

namespace {

constexpr Word<results::StorageType> kStorageTypes[]{{results::StorageType::kInKube, "InKube"},
                                                     {results::StorageType::kLocal, "Local"}};
constexpr Word<results::ResultFormat> kFormats[]{{results::ResultFormat::kOwn, "json"},
                                                 {results::ResultFormat::kOriginal, "original"}};

results::InKubeSettings read_in_kube(config::MapReader map) {
  results::InKubeSettings settings;
  settings.annotation_key = map.text("annotationKey", settings.annotation_key);
  settings.label_key = map.text("labelKey", settings.label_key);
  if (!settings.annotation_key.empty())
    config::check_value(map, "annotationKey", settings.annotation_key, kube::check_annotation_key);
  if (!settings.label_key.empty())
    config::check_value(map, "labelKey", settings.label_key, kube::check_label_key);
  settings.result_format = map.choice("resultFormat", settings.result_format, kFormats);
  settings.shards = static_cast<unsigned>(map.integer("shards", settings.shards, 1, 1024));
  auto config_map = map.map("configMap");
  settings.config_map_namespace = config_map.text("namespace", settings.config_map_namespace);
  settings.config_map_name = config_map.text("name", settings.config_map_name);
  config::check_value(config_map, "namespace", settings.config_map_namespace,
                      kube::check_namespace);
  const auto last_shard = settings.shards > 1 ? "-" + std::to_string(settings.shards - 1) : "";
  config::check_value(config_map, "name", settings.config_map_name + last_shard,
                      kube::check_object_name);
  config_map.finish();
  map.finish();
  return settings;
}

}  // namespace

results::StorageSettings read_storage(config::MapReader map) {
  results::StorageSettings settings;
  if (environment("KUBERNETES_SERVICE_HOST")) settings.type = results::StorageType::kInKube;
  settings.type = map.choice("type", settings.type, kStorageTypes);
  settings.in_kube = read_in_kube(map.map("inKube"));
  map.finish();
  return settings;
}

}  // namespace okg::hot_update
