// config.yaml as the plugin host needs it; each plugin reads
// its own part from PluginEntry::config with a MapReader.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/listen_address.hpp"
#include "config/mistakes.hpp"
#include "config/node.hpp"

namespace okg::config {

struct PluginEntry {
  std::string name;
  int boot_order = 0;
  Node config;  ///< null when there is none
  int line = 1;
  std::string key_path;  ///< of `config`: "plugins[0].config"
};

/// The treatment of a plugin that fails.
enum class RestartPolicy { kAlways, kOnFailure, kNever };
/// The start of the sidecar, before or after the main
/// container: after it, a main process is expected.
enum class StartOrder { kBefore, kAfter };

struct HostConfig {
  std::vector<PluginEntry> plugins;  ///< by boot_order; equal ones in the order of the file
  /// Keys that are read as the original sidecar spells them, and their spelling here.
  std::vector<std::string> hints;
  RestartPolicy restart_policy = RestartPolicy::kAlways;
  StartOrder start_order = StartOrder::kBefore;
  std::optional<std::uint64_t> cpu_millis;
  std::optional<std::uint64_t> memory_bytes;
  ListenAddress listen;
  Node http;                    ///< the server's limits; null when there are none
  std::optional<Node> tls;      ///< how to speak TLS; nothing when the key is not there
  std::string web_config_file;  ///< of Prometheus' exporters; empty: there is none
  std::optional<Node> auth;     ///< who may call; nothing when the key is not there
  std::chrono::milliseconds shutdown_grace{20'000};
};

/// The top map of the file. Every mistake goes into
/// `mistakes`; the result is usable only when there is none.
[[nodiscard]] HostConfig read_host_config(const Node& root,
                                          std::span<const std::string_view> known_plugins,
                                          Mistakes& mistakes);

/// /opt/sidecar/config.yaml below `root`, or the original
/// sidecar's /opt/kidecar/config.yaml where only that is there.
[[nodiscard]] std::filesystem::path default_config_file(const std::filesystem::path& root = "/");

/// The top map of this file; nothing, and a mistake, when it
/// cannot be read, is empty, longer than 1 MiB, broken, or no map.
[[nodiscard]] std::optional<Node> load_file(const std::filesystem::path& path, Mistakes& mistakes);

}  // namespace okg::config
