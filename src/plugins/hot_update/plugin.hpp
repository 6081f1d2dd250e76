// The hot_update plugin: adds the routes below /hot-update
// and answers them. running.hpp wires the parts.
#pragma once

#include <filesystem>

#include "sidecar/plugin.hpp"

namespace okg::hot_update {

/// How `okg-sidecar processes` writes.
enum class ListFormat {
  /// A table for people.
  kTable,
  /// What GET /hot-update/processes answers.
  kJson,
};
/// Prints whom an update would notify under this configuration, without
/// notifying anybody. Returns the exit status: 64 for a wrong configuration.
int list_processes(const std::filesystem::path& config_file, ListFormat format);

/// Its entry in the registry.
[[nodiscard]] sidecar::PluginKind plugin_kind();

}  // namespace okg::hot_update
