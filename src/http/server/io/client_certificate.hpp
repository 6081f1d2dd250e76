// Names a client by its certificate. Tls decides whose certificates count.
#pragma once

#include <openssl/ssl.h>

#include <string>
#include <vector>

namespace okg::http {

/// The names that the client's verified certificate has: its
/// common name, and those of its alternative names that are DNS
/// names, URIs or mail addresses. None: it showed no certificate.
[[nodiscard]] std::vector<std::string> certificate_names(SSL* connection);

}  // namespace okg::http
