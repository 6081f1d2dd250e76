// What the command line asked the client for.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

#include "api/field.hpp"

namespace okg::client {

enum class Command { kNone, kUpdate, kStatus, kWait, kCancel, kRollback, kProcesses };

/// What the sidecar takes.
inline constexpr std::size_t kMaxSignatureFileBytes = 4096;

enum class Output {
  kText,  ///< For people: a bar or lines to standard error, the result to standard output.
  kJson,  ///< The server's last answer to standard output, and nothing else there.
};

/// Which sidecar, and what proves who calls it. Empty
/// texts: the environment, then config.yaml, say it.
struct Connection {
  std::string server;  ///< http or https; without a scheme http
  std::string token_file;
  std::string ca_file;
  std::string cert_file;  ///< of the caller, PEM
  std::string key_file;
  std::filesystem::path config_file;
};

struct Options {
  Command command = Command::kNone;
  Connection connection;
  Output output = Output::kText;
  std::string id;              ///< of `status`, `wait` and `cancel`; empty: none was given
  api::Fields fields;          ///< of `update` and `rollback`
  std::string signature_file;  ///< of `update`, its field signature; empty: none
  std::string idempotency_key;
  bool wait = true;                 ///< for the end
  std::chrono::seconds timeout{0};  ///< of the whole command; 0: none
};

}  // namespace okg::client
