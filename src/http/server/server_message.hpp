// The server's requests and answers on the wire.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "http/server/asio.hpp"
#include "http/server/handler.hpp"
#include "http/server/options.hpp"

namespace okg::http {

/// An answer without the handler: {"result":"Failed","stage":"request","message":…}. `message`
/// needs no escapes.
[[nodiscard]] ServerResponse refusal(int status, const std::string& message);

/// What a failed read tells the client; nothing when there is nobody to tell.
[[nodiscard]] std::optional<ServerResponse> answer_to(const error_code& error,
                                                      const ServerOptions& options);

/// `head`: without the body, whose length it names all the same.
[[nodiscard]] std::string serialize(const ServerResponse& response, bool keep_alive, bool head);

/// Errors: kInvalid, a path with a malformed percent-escape.
[[nodiscard]] Result<ServerRequest> to_request(const Parser::value_type& message);

}  // namespace okg::http
