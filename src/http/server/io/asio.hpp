// Names of Boost that the server's own files share.
// No header that others include needs Boost.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <string_view>

namespace okg::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

using Clock = std::chrono::steady_clock;
using Parser = bhttp::request_parser<bhttp::string_body>;

inline constexpr auto kNever = Clock::time_point::max();

/// co_await gives its error to `error` instead of throwing it.
inline auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

inline std::string_view view(boost::core::string_view text) { return {text.data(), text.size()}; }

}  // namespace okg::http
