// The parts of Kubernetes objects that we read, out of the API server's JSON.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace okg::kube {

struct OwnerReference {
  std::string api_version;
  std::string kind;
  std::string name;
  bool controller = false;
};

struct Pod {
  std::string ns;
  std::string name;
  std::string uid;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::vector<OwnerReference> owners;
  /// The images of its containers: as the spec names them ("registry/game:v3"),
  /// and by digest where they have started ("registry/game@sha256:…").
  std::vector<std::string> images = {};
  /// True when the digest of a container's image is not known yet:
  /// while it is pulled, for one.
  bool has_unknown_digest = false;
  /// True when its containers wait for init containers of which
  /// one goes on beside them, as native sidecars do.
  bool waits_for_sidecars = false;
  /// Somebody has deleted it, and its containers may end first.
  bool is_being_deleted = false;
};

enum class RunsImage {
  kNo,
  kYes,
  kUnknown,  ///< It was named by a digest, and that of a container is not known yet.
};

/// Tells whether a container of the pod runs the
/// image: named as in its spec, or by its digest.
[[nodiscard]] RunsImage runs_image(const Pod& pod, std::string_view image);

struct ConfigMap {
  std::string resource_version;
  std::map<std::string, std::string> data;
};

/// The failure that the API server describes in the body of an
/// answer of 400 or more; `code` 0 when the body is no Status.
/// @source https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
struct Status {
  int code = 0;
  std::string reason;       ///< "NotFound", "Forbidden", "Conflict" …
  std::string message;      ///< for people
  bool has_causes = false;  ///< it lists fields that did not pass validation
};

/// Errors of both: kUpstream when the text is not an object of that kind.
[[nodiscard]] Result<Pod> parse_pod(std::string_view json);
[[nodiscard]] Result<ConfigMap> parse_config_map(std::string_view json);
[[nodiscard]] Status parse_status(std::string_view json);

}  // namespace okg::kube
