#include "auth/authenticator.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "base/text/base64.hpp"

namespace okg::auth {
namespace {

Credential basic(std::string_view encoded) {
  const auto pair = decode_base64(encoded);
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
