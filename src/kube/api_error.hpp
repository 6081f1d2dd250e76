// An answer of 400 or more as our own Error: what
// failed, on which object, and what to do about it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "kube/resource.hpp"

namespace okg::kube {

/// All that the program ever asks of one kind of object.
struct Grant {
  std::string plural;    ///< "configmaps"
  std::string verbs;     ///< "get,patch"
  bool by_name = false;  ///< its objects have lasting names, so that a Role names them
};

/// The Roles of this program begin so.
inline constexpr const char* kRolePrefix = "okg-sidecar-";

/// The permissions that the advice after a refusal names.
struct Grants {
  std::string role_prefix;  ///< of the Role that is proposed: "okg-sidecar-"
  std::vector<Grant> of;
};

/// `method` and `object` are those of the request, `body` is
/// the answer's. The API server's reason and message are kept.
///
/// kForbidden: 401, and 403 with the missing verb and how to grant it. kNotFound: 404, with how to
/// create a ConfigMap. kConflict: 409, and the 422 of a JSON patch whose test failed. kNoSpace: the
/// object would become too large. kUnavailable: 429, 5xx; kTimeout: 504. kInvalid: 400 and other
/// 422. kUpstream: the rest.
[[nodiscard]] Error api_error(std::string_view method, const Resource& object, int status,
                              std::string_view body, const Grants& grants = {});

}  // namespace okg::kube
