// The HTTP server: one thread, one coroutine a connection.
// Slow, silent and many clients never keep others out.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/error.hpp"
#include "http/server/options.hpp"
#include "http/server/router.hpp"

namespace okg::http {

class Loop;

class Server {
 public:
  /// Listens and serves. Errors: kInternal naming the address
  /// ("cannot listen on 127.0.0.1:5000: Address already in use; …").
  static Result<std::unique_ptr<Server>> open(const ServerOptions& options, Choose choose);
  ~Server();  // NOLINT(bugprone-exception-escape): without memory to stop, the program ends
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The port it listens on; the kernel's choice when the option was 0.
  [[nodiscard]] std::uint16_t port() const;
  /// Accepts nothing more, ends idle connections and streams, waits
  /// up to `grace` for the others to be answered, ends the thread.
  void stop(std::chrono::milliseconds grace);

 private:
  explicit Server(std::shared_ptr<Loop> loop);
  std::shared_ptr<Loop> loop_;
};

}  // namespace okg::http
