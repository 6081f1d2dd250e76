#include "http/server/io/wire.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <cctype>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/text/byte_size.hpp"
#include "http/authority.hpp"
#include "http/form.hpp"

namespace okg::http {
namespace {

using Head = Parser::value_type;

std::string media_type(std::string_view value) {
  std::string type(value.substr(0, value.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  std::ranges::transform(type, type.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

std::optional<ServerResponse> flaw_of_host(const Head& head) {
  const auto count = head.count(bhttp::field::host);
  if (count == 0 && head.version() < 11) return std::nullopt;
  if (count != 1)
    return refusal(400,
                   "the request has " + std::string(count == 0 ? "no" : "more than one") +
                       " Host header; HTTP/1.1 needs exactly one",
                   Reason::kMalformedRequest);
  const auto host = view(head[bhttp::field::host]);
  if (parse_authority(host)) return std::nullopt;
  return refusal(400, "the Host header '" + std::string(host) + "' is not HOST or HOST:PORT",
                 Reason::kMalformedRequest);
}

/// Beast takes a length that is given twice when
/// both are the same; we need not guess at all.
std::optional<ServerResponse> flaw_of_content_length(const Head& head) {
  const auto count = head.count(bhttp::field::content_length);
  if (count == 0) return std::nullopt;
  const auto length = view(head[bhttp::field::content_length]);
  if (count == 1 && parse_whole<std::uint64_t>(length)) return std::nullopt;
  return refusal(400, "Content-Length is given more than once; send it once",
                 Reason::kMalformedRequest);
}

std::optional<ServerResponse> flaw_of_length(const Head& head) {
  const auto count = head.count(bhttp::field::transfer_encoding);
  if (count == 0) return flaw_of_content_length(head);
  if (head.version() < 11)
    return refusal(400, "Transfer-Encoding needs HTTP/1.1; send Content-Length",
                   Reason::kMalformedRequest);
  if (head.count(bhttp::field::content_length) > 0)
    return refusal(400, "both Transfer-Encoding and Content-Length are given; send one of them",
                   Reason::kMalformedRequest);
  const auto codings = view(head[bhttp::field::transfer_encoding]);
  if (count == 1 && equals_ignoring_case(codings, "chunked")) return std::nullopt;
  return refusal(
      400, "Transfer-Encoding is '" + std::string(codings) + "'; send chunked, or Content-Length",
      Reason::kMalformedRequest);
}

/// A request may name its server in the target,
/// as to a proxy: that one counts, and not Host.
/// @source RFC 9112, section 3.2.2
struct Target {
  std::string_view authority;
  std::string_view rest;  ///< path and query
};

Target split(const Head& head) {
  const auto target = view(head.target());
  const auto scheme = target.substr(0, std::min(target.find("://"), target.size()));
  if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https"))
    return {view(head[bhttp::field::host]), target};
  const auto behind = target.substr(scheme.size() + 3);
  const auto end = std::min(behind.find_first_of("/?"), behind.size());
  return {behind.substr(0, end), behind.substr(end)};
}

}  // namespace

std::optional<ServerResponse> flaw_of(const Head& head) {
  auto flaw = flaw_of_host(head);
  return flaw ? flaw : flaw_of_length(head);
}

bool has_folded_line(std::string_view head) {
  return head.find("\n ") != std::string_view::npos || head.find("\n\t") != std::string_view::npos;
}

std::optional<ServerResponse> answer_to(const error_code& error, const ServerLimits& limits) {
  if (error == bhttp::error::header_limit)
    return refusal(431,
                   "the request's headers are larger than " +
                       format_byte_size(limits.max_header_bytes.value) +
                       in_brackets(limits.max_header_bytes.key),
                   Reason::kHeadersTooLarge);
  if (error == bhttp::error::body_limit)
    return refusal(413,
                   "the request's body is larger than " +
                       format_byte_size(limits.max_body_bytes.value) +
                       in_brackets(limits.max_body_bytes.key),
                   Reason::kBodyTooLarge);
  if (error == asio::error::timed_out)
    return refusal(408,
                   "the request did not arrive in time" + in_brackets(limits.request_timeout.key),
                   Reason::kRequestTimeout);
  if (error.category() == bhttp::make_error_code(bhttp::error::bad_method).category())
    return refusal(400, "the request is not HTTP as it should be: " + error.message(),
                   Reason::kMalformedRequest);
  return std::nullopt;
}

std::string head_of(const ServerResponse& response, Framing framing, bool keep_alive) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  text += view(bhttp::obsolete_reason(static_cast<bhttp::status>(response.status)));
  text += "\r\nContent-Type: " + response.content_type;
  if (framing == Framing::kLength)
    text += "\r\nContent-Length: " + std::to_string(response.body.size());
  if (framing == Framing::kChunked) text += "\r\nTransfer-Encoding: chunked";
  for (const auto& header : response.headers) text += "\r\n" + header.name + ": " + header.value;
  return text +
         (keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
}

Result<ServerRequest> to_request(const Head& head, const Peer& peer) {
  const auto [authority, target] = split(head);
  const auto server = parse_authority(authority);
  // Only a Host header may be empty. @source RFC 9110, section 4.2.1
  const bool is_nowhere = server && server->host.empty() && target.size() < head.target().size();
  if (!server || is_nowhere)
    return fail(ErrorCode::kInvalid, "'", authority, "' is not HOST or HOST:PORT");
  const auto question = std::min(target.find('?'), target.size());
  auto path = percent_decode(target.substr(0, question));
  if (!path) return path.error().in("path");
  ServerRequest request;
  request.method =
      head.method() == bhttp::verb::head ? "GET" : std::string(view(head.method_string()));
  request.path = path->empty() ? "/" : std::move(*path);
  request.query = std::string(target.substr(std::min(question + 1, target.size())));
  request.content_type = media_type(view(head[bhttp::field::content_type]));
  for (const auto& field : head)
    request.headers.push_back(
        {std::string(view(field.name_string())), std::string(view(field.value()))});
  request.peer = peer;
  request.authority = *server;
  return request;
}

}  // namespace okg::http
