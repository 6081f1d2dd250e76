// Finds the handler of a call, and decides who may call it. The
// head of the request is enough for both: its body is not read yet.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "http/server/request.hpp"
#include "http/server/response.hpp"

namespace okg::http {

/// Answers one request: to be called once, from any thread.
/// Does nothing when the caller or the server is gone.
using Respond = std::function<void(ServerResponse)>;
/// Called on the server's thread with the whole request; must not block.
using Handler = std::function<void(ServerRequest, Respond)>;

/// The handler that takes a request, or the answer that refuses it.
using Decision = std::variant<Handler, ServerResponse>;
/// To be called once, from any thread.
using Decide = std::function<void(Decision)>;
/// Called on the server's thread with a request's head; must not block.
using Choose = std::function<void(const ServerRequest& head, const Decide& decide)>;

/// The kind of a route, by which the gate decides who may call it.
enum class Access {
  /// Says whether the process lives and is ready: for probes, which send no credentials.
  kOpen,
  /// Shows what the pod runs.
  kRead,
  /// Changes what the pod runs.
  kUpdate,
};

struct Route {
  std::string method;
  std::string path;  ///< "/a", or "/a/*" for every path below /a
  Access access = Access::kUpdate;
  Handler handler;
};

/// The caller, whose call may go on, or the answer that refuses it.
using Admission = std::variant<Caller, ServerResponse>;
/// Called once, from any thread.
using Decided = std::function<void(Admission admission)>;
/// The one place that decides who may call. May
/// answer later: asking another server takes a while.
using Authorize =
    std::function<void(const ServerRequest& head, Access access, const Decided& decided)>;
/// Everybody may call everything.
void allow_everyone(const ServerRequest& head, Access access, const Decided& decided);

/// 404 with `advice` for unknown paths, 405 with Allow for wrong methods,
/// else the route's handler when `authorize` lets the call go on.
[[nodiscard]] Choose route(std::vector<Route> routes, const std::string& advice,
                           Authorize authorize = allow_everyone);

}  // namespace okg::http
