// The HTTP server over a real connection: any bytes are answered with HTTP or not at all, and the
// server goes on serving.
#include "http/server/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>

#include "base/io/unique_fd.hpp"
#include "fuzz.hpp"

namespace okg::http {
namespace {

using fuzz::require;

/// Answers with all it was given, so that a torn request would be read by the sanitizers.
void echo(const ServerRequest& request, const Respond& respond) {
  ServerResponse response;
  response.content_type = "text/plain";
  response.body =
      request.method + request.path + request.query + request.content_type + request.body;
  respond(std::move(response));
}

Server& server() {
  static const auto running = [] {
    ServerOptions options;
    options.host = "127.0.0.1";
    options.limits.max_header_bytes.value = 1024;
    options.limits.max_body_bytes.value = 1024;
    return Server::open(options,
                        [](const ServerRequest&, const Decide& decide) { decide(Handler(echo)); })
        .value();
  }();
  return *running;
}

/// libFuzzer's clock is a signal: a call that it interrupts goes on, connect() by itself and in the
/// background.
bool connect_to(const unique_fd& client, const sockaddr_in& address) {
  if (::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return true;
  if (errno != EINTR) return false;
  pollfd connected{client.get(), POLLOUT, 0};
  while (::poll(&connected, 1, 20'000) < 0 && errno == EINTR) {
  }
  int error = ETIMEDOUT;
  socklen_t size = sizeof error;
  return connected.revents != 0 &&
         ::getsockopt(client.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

/// Sends all of it, ends its own side, and reads to the end.
std::string exchange(std::string_view bytes) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server().port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const unique_fd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{20, 0};
  ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  require(connect_to(client, address), "the server accepts");
  while (::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
  ::shutdown(client.get(), SHUT_WR);
  std::string answer;
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  do {
    got = ::recv(client.get(), buffer.data(), buffer.size(), 0);
    if (got > 0) answer.append(buffer.data(), static_cast<std::size_t>(got));
  } while (got > 0 || (got < 0 && errno == EINTR));
  require(got == 0 || errno == ECONNRESET,
          "the server ends a connection whose client has ended its side");
  return answer;
}

}  // namespace
}  // namespace okg::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace okg::http;
  const auto answer = exchange(okg::fuzz::text_of(data, size));
  require(answer.empty() || answer.starts_with("HTTP/1.1 "), "an answer is HTTP");
  static int count = 0;
  if (++count % 16 == 0)
    require(exchange("GET /still HTTP/1.1\r\nHost: a\r\n\r\n").ends_with("\r\n\r\nGET/still"),
            "the server still serves");
  return 0;
}
