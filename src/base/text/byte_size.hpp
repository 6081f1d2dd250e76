// Kubernetes quantities: how sizes and CPU shares are written in config.yaml.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg {

/// "128Mi", "1G", "1.5Gi", "500", "1e3" as bytes,
/// rounded up. Errors: kInvalid with what was expected.
/// @source https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
[[nodiscard]] Result<std::uint64_t> parse_byte_size(std::string_view text);

/// "100m", "0.5", "2" as thousandths of a CPU, rounded up.
[[nodiscard]] Result<std::uint64_t> parse_cpu_millis(std::string_view text);

/// 1536 as "1.5 KiB": for messages.
[[nodiscard]] std::string format_byte_size(std::uint64_t bytes);

}  // namespace okg
