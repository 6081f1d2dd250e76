#include "plugins/hot_update/settings.hpp"

#include <array>
#include <charconv>
#include <cstdlib>

#include "config/reader.hpp"
#include "process/signal.hpp"

namespace okg::hot_update {
namespace {

SignalSettings read_signal(config::MapReader map, bool needed) {
  SignalSettings settings;
  if (needed) {
    settings.process_name = map.required_text("processName");
    const auto name = map.required_text("signalName");
    if (!name.empty()) {
      auto number = process::parse_signal(name);
      if (number)
        settings.signal = *number;
      else
        map.mistake("signalName", number.error().message);
    }
  } else {
    settings.process_name = map.text("processName", "");
    (void)map.text("signalName", "");
  }
  settings.wait = map.seconds("waitSeconds", settings.wait);
  map.finish();
  return settings;
}

DownloadSettings read_download(config::MapReader map) {
  DownloadSettings settings;
  settings.timeout = map.seconds("timeoutSeconds", settings.timeout);
  settings.connect_timeout = map.seconds("connectTimeoutSeconds", settings.connect_timeout);
  settings.stall_timeout = map.seconds("stallTimeoutSeconds", settings.stall_timeout);
  settings.retries = static_cast<int>(map.integer("retries", settings.retries, 0, 100));
  settings.max_redirects = static_cast<int>(map.integer("maxRedirects", settings.max_redirects, 0, 50));
  settings.max_bytes = map.byte_size("maxBytes", settings.max_bytes);
  settings.max_bytes_per_second = map.byte_size("maxBytesPerSecond", settings.max_bytes_per_second);
  settings.ca_file = map.text("caFile", "");
  settings.allow_empty = map.flag("allowEmpty", false);
  map.finish();
  return settings;
}

StorageSettings read_storage(config::MapReader map) {
  static constexpr std::array<std::string_view, 2> kTypes{"InKube", "Local"};
  StorageSettings settings;
  const bool in_cluster = std::getenv("KUBERNETES_SERVICE_HOST") != nullptr;
  settings.type = map.choice("type", in_cluster ? 0 : 1, kTypes) == 0 ? StorageType::kInKube : StorageType::kLocal;
  auto in_kube = map.map("inKube");
  settings.annotation_key = in_kube.text("annotationKey", "");
  settings.label_key = in_kube.text("labelKey", "");
  settings.shards = static_cast<int>(in_kube.integer("shards", settings.shards, 1, 1024));
  auto config_map = in_kube.map("configMap");
  settings.config_map_namespace = config_map.text("namespace", settings.config_map_namespace);
  settings.config_map_name = config_map.text("name", settings.config_map_name);
  config_map.finish();
  in_kube.finish();
  map.finish();
  return settings;
}

/// "0644" or "644": octal, as chmod(1) takes it.
mode_t read_file_mode(config::MapReader& map, mode_t otherwise) {
  const auto text = map.text("fileMode", "");
  if (text.empty()) return otherwise;
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc() || end != text.data() + text.size() || mode > 0777) {
    map.mistake("fileMode", "'" + text + "' is not a file mode; write three octal digits, like 0644");
    return otherwise;
  }
  return static_cast<mode_t>(mode);
}

}  // namespace

Settings read_settings(const config::PluginEntry& entry, config::Mistakes& mistakes) {
  static constexpr std::array<std::string_view, 2> kLoadPatchTypes{"signal", "none"};
  Settings settings;
  config::MapReader map(entry.config, entry.key_path, mistakes);
  settings.load_patch_type =
      map.choice("loadPatchType", 0, kLoadPatchTypes) == 0 ? LoadPatchType::kSignal : LoadPatchType::kNone;
  settings.file_dir = map.text("fileDir", settings.file_dir.string());
  if (!settings.file_dir.is_absolute()) map.mistake("fileDir", "'" + settings.file_dir.string() + "' is not an absolute path");
  settings.state_dir = map.text("stateDir", (settings.file_dir / ".okg-sidecar").string());
  if (!settings.state_dir.is_absolute())
    map.mistake("stateDir", "'" + settings.state_dir.string() + "' is not an absolute path");
  settings.file_mode = read_file_mode(map, settings.file_mode);
  settings.keep_versions = static_cast<std::size_t>(map.integer("keepVersions", 2, 0, 100));
  settings.max_queued = static_cast<std::size_t>(map.integer("maxQueued", 16, 1, 1000));
  settings.signal = read_signal(map.map("signal"), settings.load_patch_type == LoadPatchType::kSignal);
  settings.download = read_download(map.map("download"));
  settings.storage = read_storage(map.map("storageConfig"));
  map.finish();
  return settings;
}

}  // namespace okg::hot_update
