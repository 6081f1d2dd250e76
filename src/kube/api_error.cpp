#include "kube/api_error.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "kube/objects.hpp"

namespace okg::kube {
namespace {

std::string describe(const Resource& object) {
  const auto name = object.ns + "/" + object.name;
  if (object.plural == "pods" && !object.name.empty()) return "Pod " + name;
  if (object.plural == "configmaps" && !object.name.empty()) return "ConfigMap " + name;
  return object.path();
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

/// "NAMESPACE:NAME" out of the message of a refusal: … is forbidden:
/// User "system:serviceaccount:NAMESPACE:NAME" cannot patch …
std::string service_account_in(std::string_view message) {
  constexpr std::string_view kUser = "User \"system:serviceaccount:";
  const auto begin = message.find(kUser);
  if (begin == std::string_view::npos) return {};
  message.remove_prefix(begin + kUser.size());
  return std::string(message.substr(0, message.find('"')));
}

/// A name of its own for each account and object: the
/// next namespace's sidecar asks for the same ConfigMap.
std::string role_of(const Grants& grants, const Resource& object, const Grant& grant,
                    const std::string& account) {
  std::string role =
      grants.role_prefix + (grant.by_name ? object.name : object.plural) + "-" + account;
  std::ranges::replace(role, ':', '-');
  return role;
}

/// The rule as YAML: "{apiGroups: [""], resources: [pods], verbs: [get, patch]}".
std::string rule_of(const Resource& object, const Grant& grant) {
  std::string rule = "{apiGroups: [\"" + object.group + "\"], resources: [" + object.plural + "], ";
  if (grant.by_name) rule += "resourceNames: [" + object.name + "], ";
  std::string verbs = grant.verbs;
  for (std::size_t comma = 0; (comma = verbs.find(',', comma)) != std::string::npos; comma += 2)
    verbs.insert(comma + 1, " ");
  return rule + "verbs: [" + verbs + "]}";
}

/// How to grant all that the program ever asks of such an object.
std::string advice(const Grants& grants, const Resource& object, const Grant& grant,
                   const std::string& account) {
  const std::string kubectl = "kubectl -n " + object.ns + " create ";
  const std::string role = role_of(grants, object, grant, account);
  return "; add to its Role in namespace " + object.ns + ": " + rule_of(object, grant) +
         ", or: " + kubectl + "role " + role + " --verb=" + grant.verbs +
         " --resource=" + object.plural + (object.group.empty() ? "" : "." + object.group) +
         (grant.by_name ? " --resource-name=" + object.name : "") + " && " + kubectl +
         "rolebinding " + role + " --role=" + role + " --serviceaccount=" + account;
}

std::string forbidden(std::string_view method, const Resource& object, const std::string& said,
                      const Grants& grants) {
  const std::string account = service_account_in(said);
  const std::string what = std::string(verb_of(method)) + " " + describe(object);
  if (account.empty()) return what + " is not allowed: " + said;
  auto message = "service account " + account + " may not " + what + " (" + said + ")";
  for (const auto& grant : grants.of)
    if (grant.plural == object.plural) return message + advice(grants, object, grant, account);
  return message;
}

std::string not_found(const Resource& object, const std::string& said) {
  std::string message = describe(object) + " does not exist (" + said + ")";
  if (object.plural == "configmaps")
    message += "; create it: kubectl -n " + object.ns + " create configmap " + object.name;
  return message;
}

/// @source ValidateConfigMapUpdate in Kubernetes
std::string advice_on_immutable(const Resource& object, const std::string& said) {
  if (said.find("field is immutable when `immutable` is set") == std::string::npos) return {};
  return "; nothing can be recorded in it: delete it, and create it again without immutable: true "
         "(kubectl -n " +
         object.ns + " create configmap " + object.name + ")";
}

/// @source ValidateAnnotationsSize in Kubernetes: TotalAnnotationSizeLimitB
std::string_view advice_on_annotations(const Resource& object, const std::string& said) {
  if (object.plural != "pods" || said.find("annotations") == std::string::npos ||
      said.find("262144") == std::string::npos)
    return {};
  return "; all annotations of a pod have 256 KiB together: remove large ones of others";
}

/// The object would not fit: refused by the validation of
/// ConfigMaps (1 MiB of data), by that of annotations (256
/// KiB), by etcd (1.5 MiB a request, answered as 500), or
/// by the API server's own limit of a request (3 MiB, 413).
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
    // After a failed test of a JSON patch, the API server names no
    // causes; after a failed validation it lists them.
    case 422: return said.has_causes ? ErrorCode::kInvalid : ErrorCode::kConflict;
    case 429: return ErrorCode::kUnavailable;
    default: return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kUpstream;
  }
}

Reason reason_of(int status, ErrorCode code, const Resource& object) {
  switch (status) {
    case 401: return Reason::kApiUnauthenticated;
    case 403: return Reason::kApiForbidden;
    case 404:
      if (object.plural == "configmaps") return Reason::kConfigMapMissing;
      return object.plural == "pods" ? Reason::kPodNotFound : Reason::kApiError;
    default: break;
  }
  if (code == ErrorCode::kNoSpace && object.plural == "configmaps") return Reason::kConfigMapFull;
  return is_transient(code) && code != ErrorCode::kConflict ? Reason::kApiUnreachable
                                                            : Reason::kApiError;
}

}  // namespace

Error api_error(std::string_view method, const Resource& object, int status, std::string_view body,
                const Grants& grants) {
  const Status status_object = parse_status(body);
  std::string said = std::to_string(status);
  if (!status_object.reason.empty()) said += " " + status_object.reason;
  if (!status_object.message.empty()) said += ": " + status_object.message;

  const ErrorCode code = code_of(status, status_object);
  const auto reason = reason_of(status, code, object);
  if (status == 401)
    return fail(code, reason, "the API server does not accept this pod's service account token (",
                said, "); it has expired or its ServiceAccount was deleted: re-create the pod");
  if (status == 403) return fail(code, reason, forbidden(method, object, said, grants));
  if (status == 404) return fail(code, reason, not_found(object, said));
  return fail(code, reason, verb_of(method), " ", describe(object), ": ", said,
              advice_on_immutable(object, said), advice_on_annotations(object, said));
}

}  // namespace okg::kube
