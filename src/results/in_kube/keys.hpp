// Under which names results are found in the result ConfigMap.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "kube/workload.hpp"

namespace okg::results {

/// The pod's annotation that says what came of its orders.
inline constexpr const char* kObservedAnnotation = "okg-sidecar.io/observed";
/// The label of a pod that takes orders, unless `labelKey` names another.
inline constexpr const char* kVersionLabel = "hot-update-version";

/// Where a pod's entry is: "NAMESPACE.POD". A
/// namespace has no dot, so no two pods share a key.
[[nodiscard]] std::string pod_key(std::string_view ns, std::string_view pod);
/// Where a workload's latest is: "_latest.NAMESPACE.KIND.NAME".
/// No namespace begins with "_".
[[nodiscard]] std::string latest_key(const kube::Workload& workload);
/// Where the original sidecar kept a pod's versions: "NAMESPACE-POD".
[[nodiscard]] std::string original_key(std::string_view ns, std::string_view pod);

/// The ConfigMap that holds `key`: `name` itself when there is one
/// shard, else "NAME-0" to "NAME-<shards - 1>", the same for ever.
[[nodiscard]] std::string shard_of(const std::string& name, unsigned shards, std::string_view key);

/// The part of one key in the 1 MiB that all pods share: more
/// than 256 paths need, and too little for a pod to fill it alone.
inline constexpr std::size_t kMaxValueBytes = std::size_t{256} << 10U;
/// Errors: kInvalid, with the key and both sizes.
[[nodiscard]] Result<void> check_room(std::string_view key, std::string_view value);

/// One step of a JSON pointer: "~" is "~0", "/" is "~1". @source RFC 6901, section 3
[[nodiscard]] std::string escape_json_pointer(std::string_view step);

}  // namespace okg::results
