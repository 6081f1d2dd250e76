// An answer of 400 or more as our own Error: what failed, on which object, and what to do about it.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::kube {

/// `method` and `path` are those of the request ("PATCH",
/// "/api/v1/namespaces/kube-system/configmaps/sidecar-result"), `body` is the answer's. The API
/// server's reason and message are kept.
///
/// kForbidden: 401, and 403 with the missing verb and how to grant it. kNotFound: 404, with how to
/// create the object. kConflict: 409, and the 422 of a JSON patch whose test failed. kNoSpace: the
/// object would become too large. kUnavailable: 429, 5xx; kTimeout: 504. kInvalid: 400 and other
/// 422. kUpstream: the rest.
[[nodiscard]] Error api_error(std::string_view method, std::string_view path, int status,
                              std::string_view body);

}  // namespace okg::kube
