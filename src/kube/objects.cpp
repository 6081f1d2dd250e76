#include "kube/objects.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/json_members.hpp"
#include "kube/image.hpp"

namespace okg::kube {
namespace {

/// An object's spec and managedFields nest deeper
/// than what we keep: a pod's up to about 20.
constexpr std::size_t kMaxObjectDepth = 64;

std::map<std::string, std::string> texts(const nlohmann::json& object, const char* key) {
  std::map<std::string, std::string> result;
  for (const auto& [name, value] : member_of(object, key).items()) {
    if (value.is_string()) result.emplace(name, value.get<std::string>());
  }
  return result;
}

Result<nlohmann::json> parse_kind(std::string_view input, const std::string& kind) {
  auto object = parse_json(input, kMaxObjectDepth);
  if (!object || text_of(*object, "kind") != kind)
    return fail(ErrorCode::kUpstream, Reason::kApiError, "the API server's answer is not a ", kind);
  return object;
}

/// With what the containers' statuses say of them.
void note_images(const nlohmann::json& object, Pod& pod) {
  std::map<std::string, std::string> ids;  // by the container's name
  for (const nlohmann::json& status : member_of(member_of(object, "status"), "containerStatuses")) {
    ids[text_of(status, "name")] = text_of(status, "imageID");
    if (text_of(member_of(member_of(status, "state"), "waiting"), "reason") == "PodInitializing")
      pod.waits_for_sidecars = true;
  }
  for (const nlohmann::json& container : member_of(member_of(object, "spec"), "containers")) {
    const auto id = ids[text_of(container, "name")];
    pod.images.push_back(text_of(container, "image"));
    if (!id.empty()) pod.images.push_back(id);
    if (id.empty() && parse_image(pod.images.back()).digest.empty()) pod.has_unknown_digest = true;
  }
  const auto& before = member_of(member_of(object, "spec"), "initContainers");
  pod.waits_for_sidecars =
      pod.waits_for_sidecars &&
      std::any_of(before.begin(), before.end(), [](const nlohmann::json& each) {
        return text_of(each, "restartPolicy") == "Always";
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
  const nlohmann::json& metadata = member_of(*object, "metadata");
  Pod pod{text_of(metadata, "namespace"), text_of(metadata, "name"),      text_of(metadata, "uid"),
          texts(metadata, "labels"),      texts(metadata, "annotations"), {}};
  for (const nlohmann::json& owner : member_of(metadata, "ownerReferences")) {
    pod.owners.push_back({text_of(owner, "apiVersion"), text_of(owner, "kind"),
                          text_of(owner, "name"), member_of(owner, "controller") == true});
  }
  note_images(*object, pod);
  pod.is_being_deleted = !text_of(metadata, "deletionTimestamp").empty();
  return pod;
}

Result<ConfigMap> parse_config_map(std::string_view input) {
  const auto object = parse_kind(input, "ConfigMap");
  if (!object) return object.error();
  return ConfigMap{text_of(member_of(*object, "metadata"), "resourceVersion"),
                   texts(*object, "data")};
}

Status parse_status(std::string_view input) {
  const auto object = parse_kind(input, "Status");
  if (!object) return {};
  const nlohmann::json& code = member_of(*object, "code");
  return {code.is_number_integer() ? code.get<int>() : 0, text_of(*object, "reason"),
          text_of(*object, "message"), !member_of(member_of(*object, "details"), "causes").empty()};
}

}  // namespace okg::kube
