// The server's requests and answers on the wire.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/server/io/asio.hpp"
#include "http/server/options.hpp"
#include "http/server/router.hpp"

namespace okg::http {

/// How an answer's body is told apart from what comes after it.
enum class Framing {
  kLength,      ///< Content-Length
  kChunked,     ///< a stream to a client that speaks HTTP/1.1
  kUntilClose,  ///< a stream to an older one
};

/// The refusal of a head that does not say clearly whom it is for,
/// or where its body ends: what we guess, a proxy before us may
/// guess differently. @source RFC 9112, sections 3.2, 6.1 and 6.3
[[nodiscard]] std::optional<ServerResponse> flaw_of(const Parser::value_type& head);

/// True when a header's value goes on in the next line. Beast
/// makes one line of them, others two headers. `head` has
/// whole lines only. @source RFC 9112, section 5.2
[[nodiscard]] bool has_folded_line(std::string_view head);

/// A request without its body. Errors: kInvalid, a path with a
/// malformed percent-escape, a target with a malformed host.
[[nodiscard]] Result<ServerRequest> to_request(const Parser::value_type& head, const Peer& peer);

/// The answer after a failed read; nothing when the client is gone.
[[nodiscard]] std::optional<ServerResponse> answer_to(const error_code& error,
                                                      const ServerLimits& limits);

/// Status line and headers, with the empty line that ends them.
[[nodiscard]] std::string head_of(const ServerResponse& response, Framing framing, bool keep_alive);

}  // namespace okg::http
