// The socket that clients connect to.
#pragma once

#include "base/error.hpp"
#include "http/server/io/asio.hpp"
#include "http/server/options.hpp"

namespace okg::http {

/// Makes `acceptor` listen where the options say. Errors as of Server::open.
[[nodiscard]] Result<void> listen(tcp::acceptor& acceptor, const ServerOptions& options);

}  // namespace okg::http
