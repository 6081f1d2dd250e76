// `okg-sidecar processes`: the list of GET /hot-update/processes where no sidecar runs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "api/process_list.hpp"

namespace okg::hot_update {

/// `nobody` says why no process would be notified; empty: one would be.
using ShowProcesses = std::function<void(const api::ProcessList& list, const std::string& nobody)>;

/// Shows whom an update would notify under this configuration, without
/// notifying anybody. Returns the exit status: 64 for a wrong configuration.
int list_processes(const std::filesystem::path& config_file, const ShowProcesses& show);

}  // namespace okg::hot_update
