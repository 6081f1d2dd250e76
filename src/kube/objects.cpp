#include "kube/objects.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "kube/image.hpp"
#include "kube/members.hpp"

namespace okg::kube {
namespace {

/// An object's spec and managedFields nest deeper
/// than what we keep: a pod's up to about 20.
constexpr std::size_t kMaxObjectDepth = 64;

std::map<std::string, std::string> texts(const nlohmann::json& object, const char* key) {
  std::map<std::string, std::string> result;
  for (const auto& [name, value] : member(object, key).items()) {
    if (value.is_string()) result.emplace(name, value.get<std::string>());
  }
  return result;
}

Result<nlohmann::json> parse_kind(std::string_view input, const std::string& kind) {
  auto object = parse_json(input, kMaxObjectDepth);
  if (!object || text(*object, "kind") != kind)
    return fail(ErrorCode::kUpstream, Reason::kApiError, "the API server's answer is not a ", kind);
  return object;
}

/// With what the containers' statuses say of them.
void note_images(const nlohmann::json& object, Pod& pod) {
  std::map<std::string, std::string> ids;  // by the container's name
  for (const nlohmann::json& status : member(member(object, "status"), "containerStatuses")) {
    ids[text(status, "name")] = text(status, "imageID");
    if (text(member(member(status, "state"), "waiting"), "reason") == "PodInitializing")
      pod.waits_for_sidecars = true;
  }
  for (const nlohmann::json& container : member(member(object, "spec"), "containers")) {
    const auto id = ids[text(container, "name")];
    pod.images.push_back(text(container, "image"));
    if (!id.empty()) pod.images.push_back(id);
    if (id.empty() && parse_image(pod.images.back()).digest.empty()) pod.has_unknown_digest = true;
  }
  const auto& before = member(member(object, "spec"), "initContainers");
  pod.waits_for_sidecars =
      pod.waits_for_sidecars &&
      std::any_of(before.begin(), before.end(), [](const nlohmann::json& each) {
        return text(each, "restartPolicy") == "Always";
      });
}

}  // namespace

RunsImage runs_image(const Pod& pod, std::string_view image) {
  const auto wanted = parse_image(image);
  const auto runs = std::any_of(pod.images.begin(), pod.images.end(), [&](std::string_view each) {
    return is_named(parse_image(each), wanted);
  });
  if (runs) return RunsImage::kYes;
  return pod.has_unknown_digest && !wanted.digest.empty() ? RunsImage::kUnknown : RunsImage::kNo;
}

Result<Pod> parse_pod(std::string_view input) {
  const auto object = parse_kind(input, "Pod");
  if (!object) return object.error();
  const nlohmann::json& metadata = member(*object, "metadata");
  Pod pod{text(metadata, "namespace"), text(metadata, "name"),         text(metadata, "uid"),
          texts(metadata, "labels"),   texts(metadata, "annotations"), {}};
  for (const nlohmann::json& owner : member(metadata, "ownerReferences")) {
    pod.owners.push_back({text(owner, "apiVersion"), text(owner, "kind"), text(owner, "name"),
                          member(owner, "controller") == true});
  }
  note_images(*object, pod);
  pod.is_being_deleted = !text(metadata, "deletionTimestamp").empty();
  return pod;
}

Result<ConfigMap> parse_config_map(std::string_view input) {
  const auto object = parse_kind(input, "ConfigMap");
  if (!object) return object.error();
  return ConfigMap{text(member(*object, "metadata"), "resourceVersion"), texts(*object, "data")};
}

Status parse_status(std::string_view input) {
  const auto object = parse_kind(input, "Status");
  if (!object) return {};
  const nlohmann::json& code = member(*object, "code");
  return {code.is_number_integer() ? code.get<int>() : 0, text(*object, "reason"),
          text(*object, "message"), !member(member(*object, "details"), "causes").empty()};
}

}  // namespace okg::kube
