// The calls that the host answers itself.
//
//   GET /healthz   200 while the process is alive
//   GET /readyz    200 when every plugin runs and is ready, else 503, and why to those who may read
//   GET /metrics   Prometheus text
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/server/router.hpp"
#include "sidecar/plugin.hpp"

namespace okg::sidecar {

/// The host's own routes.
[[nodiscard]] std::vector<http::Route> host_routes(std::function<PluginStatus()> status,
                                                   metrics::Page& metrics);

}  // namespace okg::sidecar
