// Who may call: every request to a route goes through here before its body is read.
#pragma once

#include "auth/host_names.hpp"
#include "http/server/router.hpp"

namespace okg::auth {

/// Refuses what a browser sends for the page of another site, and requests to names that are not
/// this pod's. What probes ask for is open: it shows nothing and changes nothing.
[[nodiscard]] http::Authorize gate(HostNames names);

}  // namespace okg::auth
