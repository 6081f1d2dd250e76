#include "kube/api_error.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "kube/objects.hpp"

namespace okg::kube {
namespace {

/// "/api/v1/namespaces/NAMESPACE/RESOURCE/NAME" taken apart.
struct Target {
  std::string ns, resource, name;
};

Target target_of(std::string_view path) {
  constexpr std::string_view kPrefix = "/api/v1/namespaces/";
  if (!path.starts_with(kPrefix)) return {};
  path.remove_prefix(kPrefix.size());
  path = path.substr(0, path.find('?'));
  const auto next = [&path] {
    const auto slash = path.find('/');
    std::string segment(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    return segment;
  };
  Target target;
  target.ns = next();
  target.resource = next();
  target.name = next();
  return target;
}

std::string describe(const Target& target, std::string_view path) {
  if (target.resource == "pods") return "Pod " + target.ns + "/" + target.name;
  if (target.resource == "configmaps") return "ConfigMap " + target.ns + "/" + target.name;
  return std::string(path);
}

/// @source
/// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
std::string_view verb_of(std::string_view method) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kVerbs = {
      {{"GET", "get"},
       {"PATCH", "patch"},
       {"PUT", "update"},
       {"POST", "create"},
       {"DELETE", "delete"}}};
  for (const auto& [name, verb] : kVerbs) {
    if (name == method) return verb;
  }
  return method;
}

/// "NAMESPACE:NAME" out of the message of a refusal: … is forbidden: User
/// "system:serviceaccount:NAMESPACE:NAME" cannot patch …
std::string service_account_in(std::string_view message) {
  constexpr std::string_view kUser = "User \"system:serviceaccount:";
  const auto begin = message.find(kUser);
  if (begin == std::string_view::npos) return {};
  message.remove_prefix(begin + kUser.size());
  return std::string(message.substr(0, message.find('"')));
}

/// How to grant `get` and `patch` on the object: all that the sidecar ever asks for.
std::string grant(const Target& target, const std::string& account) {
  const bool by_name =
      target.resource == "configmaps";  // pods come and go, so their Role names none
  // A name of its own for each account and object: the next namespace's sidecar asks for the same
  // ConfigMap.
  std::string role = "okg-sidecar-" + (by_name ? target.name : target.resource) + "-" + account;
  std::replace(role.begin(), role.end(), ':', '-');
  const std::string kubectl = "kubectl -n " + target.ns + " create ";
  std::string rule = "{apiGroups: [\"\"], resources: [" + target.resource + "], ";
  if (by_name) rule += "resourceNames: [" + target.name + "], ";
  rule += "verbs: [get, patch]}";
  return "add to its Role in namespace " + target.ns + ": " + rule + ", or: " + kubectl + "role " +
         role + " --verb=get,patch --resource=" + target.resource +
         (by_name ? " --resource-name=" + target.name : "") + " && " + kubectl + "rolebinding " +
         role + " --role=" + role + " --serviceaccount=" + account;
}

std::string forbidden(std::string_view method, const Target& target, std::string_view object,
                      const std::string& said) {
  const std::string account = service_account_in(said);
  if (account.empty() || target.name.empty())
    return std::string(verb_of(method)) + " " + std::string(object) + " is not allowed: " + said;
  return "service account " + account + " may not " + std::string(verb_of(method)) + " " +
         std::string(object) + " (" + said + "); " + grant(target, account);
}

std::string not_found(const Target& target, std::string_view object, const std::string& said) {
  std::string message = std::string(object) + " does not exist (" + said + ")";
  if (target.resource == "configmaps") {
    message += "; create it: kubectl -n " + target.ns + " create configmap " + target.name;
  } else if (target.resource == "pods") {
    message +=
        "; POD_NAME and POD_NAMESPACE have to come from the downward API (metadata.name, "
        "metadata.namespace), compare: kubectl "
        "-n " +
        target.ns + " get pods";
  }
  return message;
}

/// The object would not fit: refused by the validation of ConfigMaps (1 MiB of data), by that of
/// annotations (256 KiB), by etcd (1.5 MiB a request, answered as 500), or by the API server's own
/// limit of a request (3 MiB, 413).
/// @source ValidateConfigMap and ValidateAnnotations in Kubernetes; etcd ErrRequestTooLarge
bool says_too_large(int status, std::string_view message) {
  if (status == 413) return true;
  for (const std::string_view sign :
       {"must have at most", "may not be longer than", "may not be more than",
        "request is too large", "trying to send message larger than max"}) {
    if (message.find(sign) != std::string_view::npos) return status == 422 || status == 500;
  }
  return false;
}

/// Waiting for etcd it does not always put its own time-out into a 504.
/// @source GuaranteedUpdate of the API server's etcd3 store, which hands on what the etcd client
/// returned
bool says_too_late(int status, std::string_view message) {
  return status == 504 ||
         (status == 500 && message.find("context deadline exceeded") != std::string_view::npos);
}

ErrorCode code_of(int status, const Status& said) {
  if (says_too_large(status, said.message)) return ErrorCode::kNoSpace;
  if (says_too_late(status, said.message)) return ErrorCode::kTimeout;
  switch (status) {
    case 401:
    case 403: return ErrorCode::kForbidden;
    case 404: return ErrorCode::kNotFound;
    case 409: return ErrorCode::kConflict;
    case 400: return ErrorCode::kInvalid;
    // Of a JSON patch whose test fails the API server tells no more than that; a failed validation
    // lists its causes.
    case 422: return said.has_causes ? ErrorCode::kInvalid : ErrorCode::kConflict;
    case 429: return ErrorCode::kUnavailable;
    default: return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kUpstream;
  }
}

}  // namespace

Error api_error(std::string_view method, std::string_view path, int status, std::string_view body) {
  const Status status_object = parse_status(body);
  std::string said = std::to_string(status);
  if (!status_object.reason.empty()) said += " " + status_object.reason;
  if (!status_object.message.empty()) said += ": " + status_object.message;

  const ErrorCode code = code_of(status, status_object);
  const Target target = target_of(path);
  const std::string object = describe(target, path);
  if (status == 401) {
    return {code, "the API server does not accept this pod's service account token (" + said +
                      "); it has expired or its ServiceAccount was deleted: re-create the pod"};
  }
  if (status == 403) return {code, forbidden(method, target, object, said)};
  if (status == 404) return {code, not_found(target, object, said)};
  return {code, std::string(verb_of(method)) + " " + object + ": " + said};
}

}  // namespace okg::kube
