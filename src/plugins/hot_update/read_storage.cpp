#include "plugins/hot_update/read_storage.hpp"

#include <array>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "kube/names.hpp"

namespace okg::hot_update {

results::StorageSettings read_storage(config::MapReader map) {
  static constexpr std::array<std::string_view, 2> kTypes{"InKube", "Local"};
  static constexpr std::array<std::string_view, 2> kFormats{"json", "original"};
  results::StorageSettings settings;
  const bool in_cluster = environment("KUBERNETES_SERVICE_HOST").has_value();
  settings.type = map.choice("type", in_cluster ? 0 : 1, kTypes) == 0
                      ? results::StorageType::kInKube
                      : results::StorageType::kLocal;
  auto in_kube = map.map("inKube");
  settings.annotation_key = in_kube.text("annotationKey", "");
  settings.label_key = in_kube.text("labelKey", "");
  if (!settings.annotation_key.empty())
    config::check_value(in_kube, "annotationKey", settings.annotation_key,
                        kube::check_annotation_key);
  if (!settings.label_key.empty())
    config::check_value(in_kube, "labelKey", settings.label_key, kube::check_label_key);
  settings.result_format =
      static_cast<results::ResultFormat>(in_kube.choice("resultFormat", 0, kFormats));
  settings.shards = static_cast<int>(in_kube.integer("shards", settings.shards, 1, 1024));
  auto config_map = in_kube.map("configMap");
  settings.config_map_namespace = config_map.text("namespace", settings.config_map_namespace);
  settings.config_map_name = config_map.text("name", settings.config_map_name);
  config::check_value(config_map, "namespace", settings.config_map_namespace,
                      kube::check_namespace);
  const auto last_shard = settings.shards > 1 ? "-" + std::to_string(settings.shards - 1) : "";
  config::check_value(config_map, "name", settings.config_map_name + last_shard,
                      kube::check_object_name);
  config_map.finish();
  in_kube.finish();
  map.finish();
  return settings;
}

}  // namespace okg::hot_update
