#include "http/server/response.hpp"

#include <nlohmann/json.hpp>

#include "base/text/visible.hpp"

namespace okg::http {

ServerResponse refusal(int status, std::string_view message, Reason reason) {
  const nlohmann::ordered_json body{{"result", "Failed"},
                                    {"stage", "request"},
                                    {"reason", to_string(reason)},
                                    {"message", message}};
  ServerResponse response;
  response.status = status;
  response.body = visible_json(body) + "\n";
  return response;
}

}  // namespace okg::http
