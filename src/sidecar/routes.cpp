#include "sidecar/routes.hpp"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text/secret.hpp"
#include "base/text/visible.hpp"

namespace okg::sidecar {

std::vector<http::Route> host_routes(std::function<PluginStatus()> status, metrics::Page& metrics) {
  const auto healthz = [](const http::ServerRequest&, const http::Respond& respond) {
    http::ServerResponse response;
    response.body = std::string("{\"status\":\"ok\"}\n");
    respond(std::move(response));
  };
  const auto readyz = [status = std::move(status)](const http::ServerRequest& request,
                                                   const http::Respond& respond) {
    const auto now = status();
    http::ServerResponse response;
    response.status = now.ready ? 200 : 503;
    nlohmann::ordered_json body{{"status", now.ready ? "ready" : "not ready"}};
    if (!now.ready && request.caller.may_read) body["reason"] = to_string(now.reason);
    if (request.caller.may_read) body["message"] = redact(now.message);
    response.body = visible_json(body) + "\n";
    respond(std::move(response));
  };
  const auto last = std::make_shared<http::LastBody>();  // of the server's one thread
  const auto metrics_page = [&metrics, last](const http::ServerRequest&,
                                             const http::Respond& respond) {
    http::ServerResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = last->share(metrics.text());
    respond(std::move(response));
  };
  using http::Access;
  return {{"GET", "/healthz", Access::kOpen, healthz},
          {"GET", "/readyz", Access::kOpen, readyz},
          {"GET", "/metrics", Access::kRead, metrics_page}};
}

}  // namespace okg::sidecar
