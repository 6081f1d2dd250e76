#include "results/keys.hpp"

#include <cstdint>
#include <cstdio>

namespace okg::results {
namespace {

/// @source
/// https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/
/// and IsConfigMapKey
constexpr std::size_t kLongestKey = 253;

/// FNV-1a, 64 bits: the same in every release and on every machine, which std::hash does not
/// promise.
/// @source http://www.isthe.com/chongo/tech/comp/fnv/
std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

std::string shortened(std::string key) {
  if (key.size() <= kLongestKey) return key;
  char suffix[18];
  std::snprintf(suffix, sizeof suffix, "-%016llx",
                static_cast<unsigned long long>(stable_hash(key)));
  key.resize(kLongestKey - (sizeof suffix - 1));
  return key + suffix;
}

}  // namespace

std::string pod_key(std::string_view ns, std::string_view pod) {
  return shortened(std::string(ns).append(".").append(pod));
}

std::string latest_key(const kube::Workload& workload) {
  return shortened("_latest." + workload.ns + "." + workload.kind + "." + workload.name);
}

std::string original_key(std::string_view ns, std::string_view pod) {
  return std::string(ns).append("-").append(pod);
}

std::string shard_of(const std::string& name, unsigned shards, std::string_view key) {
  return shards <= 1 ? name : name + "-" + std::to_string(stable_hash(key) % shards);
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
