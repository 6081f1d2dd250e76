#include "http/server/server_message.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <cctype>
#include <string_view>
#include <utility>

#include "base/byte_size.hpp"
#include "http/form.hpp"

namespace okg::http {
namespace {

std::string media_type(std::string_view value) {
  std::string type(value.substr(0, value.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

}  // namespace

ServerResponse refusal(int status, const std::string& message) {
  ServerResponse response;
  response.status = status;
  response.body = R"({"result":"Failed","stage":"request","message":")" + message + "\"}\n";
  return response;
}

std::optional<ServerResponse> answer_to(const error_code& error, const ServerOptions& options) {
  if (error == bhttp::error::header_limit)
    return refusal(
        431, "the request's headers are larger than " + format_byte_size(options.max_header_bytes));
  if (error == bhttp::error::body_limit)
    return refusal(413,
                   "the request's body is larger than " + format_byte_size(options.max_body_bytes));
  if (error == asio::error::timed_out) return refusal(408, "the request did not arrive in time");
  if (error.category() == bhttp::make_error_code(bhttp::error::bad_method).category())
    return refusal(400, "the request is not HTTP as it should be: " + error.message());
  return std::nullopt;
}

std::string serialize(const ServerResponse& response, bool keep_alive, bool head) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  text += view(bhttp::obsolete_reason(static_cast<bhttp::status>(response.status)));
  text += "\r\nContent-Type: " + response.content_type +
          "\r\nContent-Length: " + std::to_string(response.body.size());
  for (const auto& header : response.headers) text += "\r\n" + header.name + ": " + header.value;
  text += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  if (!head) text += response.body;  // Content-Length is that of the body which HEAD does not get
  return text;
}

Result<ServerRequest> to_request(const Parser::value_type& message) {
  auto target = view(message.target());
  // A proxy may be sent the whole URL. @source RFC 9112, section 3.2.2
  if (target.starts_with("http://")) {
    target.remove_prefix(std::min(target.find('/', 7), target.size()));
    if (target.empty()) target = "/";
  }
  const auto question = std::min(target.find('?'), target.size());
  auto path = percent_decode(target.substr(0, question));
  if (!path) return path.error().in("path");
  ServerRequest request;
  request.method =
      message.method() == bhttp::verb::head ? "GET" : std::string(view(message.method_string()));
  request.path = std::move(*path);
  request.query = std::string(target.substr(std::min(question + 1, target.size())));
  request.content_type = media_type(view(message[bhttp::field::content_type]));
  request.body = message.body();
  return request;
}

}  // namespace okg::http
