// What a handler gets and gives: one request, one answer.
#pragma once

#include <functional>
#include <string>

#include "http/message.hpp"

namespace okg::http {

struct ServerRequest {
  std::string method;        ///< HEAD comes as GET
  std::string path;          ///< percent-decoded, without the query
  std::string query;         ///< as sent, without the question mark
  std::string content_type;  ///< lower case, without parameters; empty when there was none
  std::string body;
};

struct ServerResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  Headers headers;
};

/// Answers one request: to be called once, from any thread. Does nothing when the caller or the
/// server is gone.
using Respond = std::function<void(ServerResponse)>;
/// Called on the server's thread; must not block.
using Handler = std::function<void(ServerRequest, Respond)>;

}  // namespace okg::http
