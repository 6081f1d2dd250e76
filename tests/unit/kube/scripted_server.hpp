// A loopback HTTP server that gives prepared answers, for the rules of transport: it knows nothing
// of Kubernetes.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/io/unique_fd.hpp"

namespace okg::kube {

class ScriptedServer {
 public:
  /// One answer a request: "429 Too Many Requests", more header lines (each ending in "\r\n"),
  /// body. An empty status hangs up instead.
  struct Answer {
    std::string status;
    std::string headers;
    std::string body;
    std::chrono::milliseconds after{0};  ///< it was asked
  };

  explicit ScriptedServer(std::vector<Answer> answers)
      : answers_(std::move(answers)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer() {
    {
      const std::lock_guard lock(mutex_);
      ::shutdown(listener_.get(), SHUT_RDWR);
      if (connection_) ::shutdown(connection_.get(), SHUT_RDWR);
    }
    thread_.join();
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// Heads and bodies of the requests so far.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  [[nodiscard]] int connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  void serve() {
    for (std::size_t next = 0;;) {
      unique_fd accepted(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!accepted) return;
      const int connection = accepted.get();
      {
        const std::lock_guard lock(mutex_);
        connection_ = std::move(accepted);
        ++connections_;
      }
      while (read_request(connection) && next < answers_.size() && !answers_[next].status.empty())
        send(connection, answers_[next++]);
      if (next < answers_.size()) ++next;  // the one that hung up
      const std::lock_guard lock(mutex_);
      connection_.reset();
    }
  }

  bool read_request(int connection) {
    std::string request;
    for (char buffer[4096];;) {
      const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
      if (count <= 0) return false;
      request.append(buffer, static_cast<std::size_t>(count));
      const auto end = request.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      const auto length = request.find("Content-Length: ");
      const std::size_t body =
          length < end ? std::strtoul(request.c_str() + length + 16, nullptr, 10) : 0;
      if (request.size() >= end + 4 + body) break;
    }
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
    return true;
  }

  static void send(int connection, const Answer& answer) {
    std::this_thread::sleep_for(answer.after);
    const std::string text = "HTTP/1.1 " + answer.status +
                             "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n" +
                             answer.headers + "\r\n" + answer.body;
    (void)::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
  }

  const std::vector<Answer> answers_;
  const unique_fd listener_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  unique_fd connection_;
  int connections_ = 0;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace okg::kube
