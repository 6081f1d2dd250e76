// The options of the client, as the command line has them.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

#include "api/fields/field.hpp"

namespace okg::client {

enum class Command { kNone, kUpdate, kStatus, kWait, kCancel, kRollback, kProcesses };

enum class Output {
  kText,  ///< For people: a bar or lines to standard error, the result to standard output.
  kJson,  ///< The server's last answer to standard output, and nothing else there.
};

/// The sidecar, and the credentials of its caller. For empty
/// texts, the environment counts, then config.yaml.
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
