// Callers who show a certificate of an authority that is trusted for it.
#pragma once

#include <set>
#include <string>

#include "auth/authenticator.hpp"

namespace okg::auth {

/// A caller is called "certificate:NAME" after the first of its names
/// that is allowed. http/server/io/tls has verified the certificate.
class CertificateUsers final : public Authenticator {
 public:
  /// `allowed`: common names and alternative names;
  /// "*": all. `readers`: who may only read.
  CertificateUsers(std::set<std::string> allowed, std::set<std::string> readers)
      : allowed_(std::move(allowed)), readers_(std::move(readers)) {}

  [[nodiscard]] std::string_view scheme() const override { return "Certificate"; }
  void identify(const Credential& credential, const http::Peer& peer, http::Access access,
                const Identified& identified) override;

 private:
  std::set<std::string> allowed_;
  std::set<std::string> readers_;
};

}  // namespace okg::auth
