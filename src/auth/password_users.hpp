// Callers who know a password of the web configuration file.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "auth/authenticator.hpp"
#include "auth/task_thread.hpp"
#include "base/digest/sha256.hpp"
#include "base/io/file_identity.hpp"

namespace okg::auth {

/// A caller is called "user:NAME". bcrypt takes a while on
/// purpose: it has a thread of its own. The file is read again
/// when it has changed; one that is wrong admits nobody.
class PasswordUsers final : public Authenticator {
 public:
  /// Right passwords: each takes as long to check as its hash wants.
  static constexpr std::size_t kMaxKnown = 100;

  PasswordUsers(std::filesystem::path file, std::set<std::string> readers);

  [[nodiscard]] std::string_view scheme() const override { return "Basic"; }
  void identify(const Credential& credential, const http::Peer& peer, http::Access access,
                const Identified& identified) override;
  void stop() override { thread_.stop(); }

 private:
  void read_again();
  [[nodiscard]] bool is_right(const std::string& password, const std::string& hash);

  const std::filesystem::path file_;
  const std::set<std::string> readers_;
  std::optional<FileIdentity> identity_;
  std::map<std::string, std::string> users_;  ///< name -> bcrypt hash
  std::set<Sha256> known_;                    ///< passwords and hashes that fit; of the thread
  TaskThread thread_;                         ///< last: it ends before what it uses
};

}  // namespace okg::auth
