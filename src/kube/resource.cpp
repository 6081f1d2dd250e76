#include "kube/resource.hpp"

#include <utility>

namespace okg::kube {

std::string Resource::path() const {
  std::string path = group.empty() ? "/api/" + version : "/apis/" + group + "/" + version;
  if (!ns.empty()) path += "/namespaces/" + ns;
  path += "/" + plural;
  if (name.empty()) return path;
  path += "/" + name;
  if (!subresource.empty()) path += "/" + subresource;
  return path;
}

Resource pod(std::string_view ns, std::string_view name) {
  return {.plural = "pods", .ns = std::string(ns), .name = std::string(name)};
}

Resource config_map(std::string_view ns, std::string_view name) {
  return {.plural = "configmaps", .ns = std::string(ns), .name = std::string(name)};
}

}  // namespace okg::kube
