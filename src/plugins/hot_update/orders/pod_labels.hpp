// The pod's labels, as the downward API writes them into a file.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::hot_update {

/// One label a line, `key="value"`, with the escapes of Go's %q:
/// \" \\ \n \t \x07 \u2028 \U0001f600. Errors: kInvalid, naming the line.
/// @source kubernetes pkg/fieldpath/fieldpath.go, FormatMap
[[nodiscard]] Result<std::map<std::string, std::string>> parse_pod_labels(std::string_view text);
/// The same of a file of at most 2 MiB. Errors: also what reading says.
[[nodiscard]] Result<std::map<std::string, std::string>> read_pod_labels(
    const std::filesystem::path& file);

}  // namespace okg::hot_update
