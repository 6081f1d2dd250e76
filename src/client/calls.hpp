// Calls of one sidecar.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "base/error.hpp"
#include "client/server.hpp"
#include "http/client/client.hpp"

namespace okg::client {

using Json = nlohmann::ordered_json;

struct Call {
  std::string method = "GET";
  std::string path;    ///< with its query
  std::string body{};  ///< JSON
  std::string idempotency_key{};
  std::chrono::milliseconds timeout{30'000};
};

struct Answer {
  int status = 0;
  std::string text;  ///< as it came, or the JSON, as a sidecar writes it: see visible_json()
  Json json;         ///< null: it is none
  [[nodiscard]] bool is_good() const { return status >= 200 && status < 300; }
  /// Somebody between us and the sidecar answered, such as a proxy whose time-out has passed.
  [[nodiscard]] bool is_from_a_proxy() const;
};

/// One thread at a time.
class Calls {
 public:
  static constexpr std::chrono::milliseconds kBetweenAttempts{500};

  /// `between_attempts`: the pause after a call that a connection or a proxy lost.
  Calls(Server server, std::stop_token stop,
        std::chrono::milliseconds between_attempts = kBetweenAttempts)
      : server_(std::move(server)), stop_(std::move(stop)), between_attempts_(between_attempts) {}

  static constexpr std::size_t kMaxAnswerBytes = std::size_t{16} << 20U;
  /// Errors: as of http::Client; kStopping, the user wants no more.
  Result<Answer> send(const Call& call);
  static constexpr std::chrono::seconds kPatience{3};
  /// Repeats what a connection or a proxy lost, until kPatience has passed without an answer.
  Result<Answer> send_patiently(const Call& call);
  [[nodiscard]] const std::stop_token& stop() const { return stop_; }
  [[nodiscard]] std::chrono::milliseconds between_attempts() const { return between_attempts_; }

 private:
  Server server_;
  std::stop_token stop_;
  std::chrono::milliseconds between_attempts_;
  http::Client client_;
};

/// "Reason: message" of an answer that is no 2xx, or its first line.
[[nodiscard]] std::string words_of(const Answer& answer);

}  // namespace okg::client
