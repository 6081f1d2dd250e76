// Which handler answers which call: the plugins' routes and the host's own.
//
//   GET /healthz   200 while the process is alive
//   GET /readyz    200 when every plugin runs and is ready, else 503 and why
//   GET /metrics   Prometheus text
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/server/handler.hpp"
#include "sidecar/plugin.hpp"

namespace okg::sidecar {

/// {"result":"Failed","stage":"request","message":…}: the shape of every refusal.
[[nodiscard]] http::ServerResponse refusal(int status, const std::string& message);

/// 404 for unknown paths, 405 with Allow for wrong methods.
[[nodiscard]] http::Handler route(std::vector<Route> routes);

/// The host's own routes.
[[nodiscard]] std::vector<Route> host_routes(std::function<PluginStatus()> status,
                                             prometheus::Registry& metrics);

}  // namespace okg::sidecar
