#include "http/server/router.hpp"

#include "base/text.hpp"

#include <memory>
#include <utility>

namespace okg::http {
namespace {

struct Table {
  std::vector<Route> routes;
  std::string advice;
  Authorize authorize;
};

/// A route that ends with "/*" is that of every path below it.
bool is_for(const Route& route, std::string_view path) {
  std::string_view own = route.path;
  if (!own.ends_with("/*")) return path == own;
  own.remove_suffix(1);
  return path.size() > own.size() && path.starts_with(own);
}

/// "/hot-update/" is "/hot-update": scripts add the slash.
std::string_view without_last_slash(std::string_view path) {
  return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

ServerResponse no_route(const ServerRequest& head, const std::string& allowed,
                        const std::string& advice) {
  if (allowed.empty())
    return refusal(404, "nothing is served at " + head.path + "; " + advice, Reason::kUnknownPath);
  auto response =
      refusal(405, head.method + " is not possible on " + head.path + "; use " + allowed,
              Reason::kMethodNotAllowed);
  response.headers.push_back({"Allow", allowed});
  return response;
}

/// Has the handler know who calls.
Decision decision_of(Admission admission, const Handler& handler) {
  if (auto* refused = std::get_if<ServerResponse>(&admission)) return std::move(*refused);
  return Handler([caller = std::get<Caller>(std::move(admission)), handler](ServerRequest request,
                                                                            Respond respond) {
    request.caller = caller;
    handler(std::move(request), std::move(respond));
  });
}

}  // namespace

void allow_everyone(const ServerRequest&, Access, const Decided& decided) {
  decided(Caller{{}, true});
}

Choose route(std::vector<Route> routes, const std::string& advice, Authorize authorize) {
  // Shared, so that a decision that comes late
  // does not need the copy of Choose it came from.
  auto table =
      std::make_shared<const Table>(Table{std::move(routes), advice, std::move(authorize)});
  return [table](const ServerRequest& head, const Decide& decide) {
    std::string allowed;
    const auto path = without_last_slash(head.path);
    for (const auto& each : table->routes) {
      if (!is_for(each, path)) continue;
      if (each.method == head.method) {
        table->authorize(head, each.access, [table, &each, decide](auto admission) {
          decide(decision_of(std::move(admission), each.handler));
        });
        return;
      }
      append_listed(allowed, ", ", each.method);
      if (each.method == "GET") allowed += ", HEAD";
    }
    decide(no_route(head, allowed, table->advice));
  };
}

}  // namespace okg::http
