// Finds the sidecar to ask, and the way to it: the flags, then
// the environment, then the sidecar's own config.yaml.
#pragma once

#include <string>

#include "base/error.hpp"
#include "client/options.hpp"
#include "http/client/request.hpp"
#include "sidecar/plugin.hpp"

namespace okg::client {

inline constexpr const char* kServerVariable = "OKG_SIDECAR_SERVER";
inline constexpr const char* kTokenFileVariable = "OKG_SIDECAR_TOKEN_FILE";
inline constexpr const char* kCaFileVariable = "OKG_SIDECAR_CA_FILE";
inline constexpr const char* kCertFileVariable = "OKG_SIDECAR_CERT_FILE";
inline constexpr const char* kKeyFileVariable = "OKG_SIDECAR_KEY_FILE";

struct Server {
  std::string url;  ///< without a slash at its end
  /// How it is called: trust, credentials, proxy; no URL yet.
  http::ClientRequest request;
};

/// The address of config.yaml is one of this machine: no proxy is asked,
/// and a certificate counts that is the one of the file, whatever its name.
/// Errors: kInvalid, with every mistake of the file on a line of its own.
[[nodiscard]] Result<Server> find_server(const Connection& connection, sidecar::Registry registry);

}  // namespace okg::client
