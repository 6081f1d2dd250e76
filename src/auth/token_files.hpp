// Callers who know a token of a file.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "auth/authenticator.hpp"
#include "base/digest/sha256.hpp"
#include "base/io/file_identity.hpp"

namespace okg::auth {

/// A caller is called "token:NAME" after the file's name. A file is
/// read again when it has changed; one that cannot be read, is empty
/// or has white space in its token admits nobody. All on one thread.
class TokenFiles final : public Authenticator {
 public:
  /// `readers`: the names that may only read.
  TokenFiles(const std::vector<std::filesystem::path>& files, std::set<std::string> readers);

  [[nodiscard]] std::string_view scheme() const override { return "Bearer"; }
  void identify(const Credential& credential, const http::Peer& peer, http::Access access,
                const Identified& identified) override;

 private:
  struct TokenFile {
    std::filesystem::path path;
    std::string name;
    std::optional<FileIdentity> identity{};
    std::optional<Sha256> digest{};  ///< of the token; the token itself is not kept
    bool was_read = false;
  };
  void read_again(TokenFile& file);

  std::vector<TokenFile> files_;
  std::set<std::string> readers_;
};

}  // namespace okg::auth
