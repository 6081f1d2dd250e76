// The HTTP server: one thread, one coroutine a connection. Slow, silent and many clients never keep
// others out.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
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

struct ServerOptions {
  std::string host;  ///< IP literal; empty: every address, IPv6 and IPv4
  std::uint16_t port = 0;
  std::size_t max_header_bytes = 8 * 1024;
  std::size_t max_body_bytes = 64 * 1024;
  /// Beyond this the connection that has been waiting longest for (the rest of) a request makes
  /// room. One whose request is being handled never does.
  std::size_t max_connections = 256;
  std::chrono::milliseconds idle_timeout{60'000};  ///< between two requests
  std::chrono::milliseconds request_timeout{
      10'000};  ///< from the connection, or a request's first byte, to its last
  std::chrono::milliseconds write_timeout{10'000};
};

class Server {
 public:
  /// Listens and serves. Errors: kInternal naming the address ("cannot listen on 127.0.0.1:5000:
  /// Address already in use; …").
  static Result<std::unique_ptr<Server>> open(const ServerOptions& options, Handler handler);
  ~Server();  // NOLINT(bugprone-exception-escape): without memory to stop, the program ends
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The port it listens on; the kernel's choice when the option was 0.
  [[nodiscard]] std::uint16_t port() const;
  /// Accepts nothing more, ends idle connections, waits up to `grace` for the others to be
  /// answered, ends the thread.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Loop;
  explicit Server(std::shared_ptr<Loop> loop);
  std::shared_ptr<Loop> loop_;
};

}  // namespace okg::http
