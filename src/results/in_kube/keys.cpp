#include "results/in_kube/keys.hpp"
#include "base/text.hpp"
#include "base/text/byte_size.hpp"
#include "base/text/hex.hpp"

#include <cstdint>

namespace okg::results {
namespace {

/// @source
/// https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/
/// and IsConfigMapKey
constexpr std::size_t kMaxKeyBytes = 253;

std::string key_that_fits(std::string key) {
  if (key.size() <= kMaxKeyBytes) return key;
  const auto suffix = "-" + to_hex(stable_hash(key));
  key.resize(kMaxKeyBytes - suffix.size());
  return key + suffix;
}

}  // namespace

std::string pod_key(std::string_view ns, std::string_view pod) {
  return key_that_fits(std::string(ns).append(".").append(pod));
}

std::string latest_key(const kube::Workload& workload) {
  return key_that_fits("_latest." + workload.ns + "." + workload.kind + "." + workload.name);
}

std::string original_key(std::string_view ns, std::string_view pod) {
  return std::string(ns).append("-").append(pod);
}

std::string shard_of(const std::string& name, unsigned shards, std::string_view key) {
  return shards <= 1 ? name : name + "-" + std::to_string(stable_hash(key) % shards);
}

Result<void> check_room(std::string_view key, std::string_view value) {
  if (value.size() <= kMaxValueBytes) return {};
  return fail(ErrorCode::kInvalid, Reason::kConfigMapFull, key, " would take ",
              format_byte_size(value.size()), " of the ConfigMap, and may take ",
              format_byte_size(kMaxValueBytes),
              "; use fewer paths, shorter URLs, or archives for many files");
}

std::string escape_json_pointer(std::string_view step) {
  std::string escaped;
  for (const char c : step) {
    switch (c) {
      case '~': escaped += "~0"; break;
      case '/': escaped += "~1"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

}  // namespace okg::results
