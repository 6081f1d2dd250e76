#include "http/server/io/listener.hpp"

#include <fcntl.h>

#include <boost/asio/ip/v6_only.hpp>

#include "http/authority.hpp"

namespace okg::http {
namespace {

/// Connections that nobody has accepted yet. @source listen(2)
constexpr int kMaxWaiting = 1024;

error_code listen_on(tcp::acceptor& acceptor, const asio::ip::address& address,
                     const ServerOptions& options) {
  error_code error;
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address.is_v6() && options.host.empty())
    acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kMaxWaiting, error);
  error_code ignored;
  if (error) acceptor.close(ignored);
  return error;
}

error_code listen_on_all(tcp::acceptor& acceptor, const ServerOptions& options) {
  const auto error = listen_on(acceptor, asio::ip::address_v6::any(), options);
  if (!error || error == asio::error::address_in_use) return error;
  // A kernel without IPv6, or with IPv6 switched off.
  return listen_on(acceptor, asio::ip::address_v4::any(), options);
}

}  // namespace

Result<void> listen(tcp::acceptor& acceptor, const ServerOptions& options) {
  error_code error;
  const auto name = options.host.empty() ? "*" : url_host(options.host);
  if (options.host.empty()) {
    error = listen_on_all(acceptor, options);
  } else {
    const auto address = asio::ip::make_address(options.host, error);
    if (error)
      return fail(ErrorCode::kInvalid, "cannot listen on '", options.host,
                  "': it is not an IP address");
    error = listen_on(acceptor, address, options);
  }
  if (!error) return {};
  auto what =
      "cannot listen on " + name + ":" + std::to_string(options.port) + ": " + error.message();
  if (error == asio::error::access_denied)
    return fail(ErrorCode::kForbidden, Reason::kCannotListen, what);
  return fail(ErrorCode::kInternal, Reason::kCannotListen, what);
}

}  // namespace okg::http
