#include "auth/secret_digest.hpp"

#include <openssl/crypto.h>

#include <string>

namespace okg::auth {

Sha256 digest_of(std::string_view secret) { return sha256_of(secret); }

bool are_equal(const Sha256& a, const Sha256& b) {
  const auto left = a.hex();
  const auto right = b.hex();
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace okg::auth
