#include "auth/authenticator.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace okg::auth {
namespace {

/// More than any token has; the header limit bounds it anyway.
constexpr std::size_t kMaxBasicBytes = 4096;

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > kMaxBasicBytes) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // OpenSSL counts what stands in for padding.
  const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

Credential basic(std::string_view encoded) {
  const auto pair = from_base64(encoded);
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return {Credential::Kind::kMalformed};
  return {Credential::Kind::kBasic, pair->substr(0, colon), pair->substr(colon + 1)};
}

Credential parse(std::string_view value) {
  const auto space = std::min(value.find(' '), value.size());
  const auto scheme = value.substr(0, space);
  const auto rest = trimmed(value.substr(space), " ");
  if (equals_ignoring_case(scheme, "basic")) return basic(rest);
  if (!equals_ignoring_case(scheme, "bearer") || rest.empty() ||
      rest.find(' ') != std::string_view::npos)
    return {Credential::Kind::kMalformed};
  return {Credential::Kind::kBearer, {}, std::string(rest)};
}

}  // namespace

Credential credential_of(const http::Headers& headers) {
  Credential credential;
  for (const auto& each : headers) {
    if (!equals_ignoring_case(each.name, "Authorization")) continue;
    if (credential.kind != Credential::Kind::kNone) return {Credential::Kind::kMalformed};
    credential = parse(each.value);
  }
  return credential;
}

}  // namespace okg::auth
