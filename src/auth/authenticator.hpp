// One way to find out who calls.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/server/router.hpp"

namespace okg::auth {

/// The part of a request that tells who sent it.
struct Credential {
  enum class Kind {
    kNone,       ///< No Authorization header.
    kBearer,     ///< A token.
    kBasic,      ///< A user's name and password.
    kMalformed,  ///< Something else, or more than one.
  };
  Kind kind = Kind::kNone;
  std::string user{};    ///< kBasic only
  std::string secret{};  ///< the token or the password
};

/// @source RFC 6750, section 2.1; RFC 7617, section 2
[[nodiscard]] Credential credential_of(const http::Headers& headers);

struct Identity {
  std::string name;
  bool has_right = false;  ///< to do what is asked for
};

/// Nothing: not known here. Errors: it could not be found out, which admits nobody.
using Identified = std::function<void(Result<std::optional<Identity>> identity)>;

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// "Bearer" or "Basic": how its credentials are sent.
  [[nodiscard]] virtual std::string_view scheme() const = 0;
  /// On the server's thread; must not block.
  /// `identified` is called once, from any thread.
  virtual void identify(const Credential& credential, const http::Peer& peer, http::Access access,
                        const Identified& identified) = 0;
  /// Ends what it does on threads of its own: those who wait are answered, and a
  /// question that needs one is refused from then on. Not from one of these threads.
  virtual void stop() {}
};

}  // namespace okg::auth
