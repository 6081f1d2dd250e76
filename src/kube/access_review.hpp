// Asking the API server whose token something is, and what that user may do.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "kube/client.hpp"

namespace okg::kube {

/// As the API server knows it. @source k8s.io/api/authentication/v1 UserInfo
struct User {
  std::string name;
  std::string uid{};
  std::vector<std::string> groups{};
  std::map<std::string, std::vector<std::string>> extra{};
};

/// Nothing: the token is nobody's, or was not made for this audience. Errors: as Client.
[[nodiscard]] Result<std::optional<User>> review_token(Client& client, std::string_view token,
                                                       std::string_view audience,
                                                       const std::stop_token& stop);

/// A verb and its object, for which somebody needs permission.
struct Deed {
  std::string verb;
  std::string group;
  std::string resource;
  std::string ns;
  std::string name;
};
/// Errors: as Client.
[[nodiscard]] Result<bool> may(Client& client, const User& user, const Deed& deed,
                               const std::stop_token& stop);

/// The answers to both, read. `audience`: what has to be among those that
/// the token was made for. Errors: kUpstream, not the object asked for.
[[nodiscard]] Result<std::optional<User>> parse_token_review(std::string_view body,
                                                             std::string_view audience);
[[nodiscard]] Result<bool> parse_access_review(std::string_view body);

}  // namespace okg::kube
