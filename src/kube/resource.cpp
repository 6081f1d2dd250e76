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

Resource pod(std::string ns, std::string name) {
  return {.plural = "pods", .ns = std::move(ns), .name = std::move(name)};
}

Resource config_map(std::string ns, std::string name) {
  return {.plural = "configmaps", .ns = std::move(ns), .name = std::move(name)};
}

}  // namespace okg::kube
