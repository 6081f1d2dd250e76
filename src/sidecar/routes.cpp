#include "sidecar/routes.hpp"
#include "base/json.hpp"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

namespace okg::sidecar {

http::ServerResponse refusal(int status, const std::string& message) {
  const nlohmann::ordered_json body{
      {"result", "Failed"}, {"stage", "request"}, {"message", message}};
  http::ServerResponse response;
  response.status = status;
  response.body = to_text(body) + "\n";
  return response;
}

http::Handler route(std::vector<Route> routes) {
  return [routes = std::move(routes)](http::ServerRequest request, http::Respond respond) {
    std::string allowed;
    for (const auto& each : routes) {
      if (each.path != request.path) continue;
      if (each.method == request.method)
        return each.handler(std::move(request), std::move(respond));
      allowed +=
          (allowed.empty() ? "" : ", ") + each.method + (each.method == "GET" ? ", HEAD" : "");
    }
    if (allowed.empty())
      return respond(refusal(
          404, "nothing is served at " + request.path + "; updates go to POST /hot-update"));
    auto response =
        refusal(405, request.method + " is not possible on " + request.path + "; use " + allowed);
    response.headers.push_back({"Allow", allowed});
    respond(std::move(response));
  };
}

std::vector<Route> host_routes(std::function<PluginStatus()> status,
                               prometheus::Registry& metrics) {
  const auto healthz = [](const http::ServerRequest&, const http::Respond& respond) {
    http::ServerResponse response;
    response.body = "{\"status\":\"ok\"}\n";
    respond(std::move(response));
  };
  const auto readyz = [status = std::move(status)](const http::ServerRequest&,
                                                   const http::Respond& respond) {
    const auto now = status();
    http::ServerResponse response;
    response.status = now.ready ? 200 : 503;
    const nlohmann::ordered_json body{{"status", now.ready ? "ready" : "not ready"},
                                      {"message", now.message}};
    response.body = to_text(body) + "\n";
    respond(std::move(response));
  };
  const auto metrics_page = [&metrics](const http::ServerRequest&, const http::Respond& respond) {
    http::ServerResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = prometheus::TextSerializer().Serialize(metrics.Collect());
    respond(std::move(response));
  };
  return {
      {"GET", "/healthz", healthz}, {"GET", "/readyz", readyz}, {"GET", "/metrics", metrics_page}};
}

}  // namespace okg::sidecar
