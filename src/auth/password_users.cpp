#include "auth/password_users.hpp"

#include <crypt.h>

#include <memory>
#include <utility>

#include "auth/secret_digest.hpp"
#include "auth/web_config.hpp"
#include "base/log.hpp"

namespace okg::auth {
namespace {

constexpr std::size_t kMaxPasswordsWaiting = 16;
/// For users that are not there, so that they take as long.
const std::string kNobody = "$2b$10$abcdefghijklmnopqrstuu";

/// @source crypt(3): a failure is a text that no hash is
bool fits(const std::string& password, const std::string& hash) {
  const auto data = std::make_unique<crypt_data>();
  const char* made = ::crypt_r(password.c_str(), hash.c_str(), data.get());
  return made != nullptr && *made != '*' && are_equal(digest_of(made), digest_of(hash));
}

}  // namespace

PasswordUsers::PasswordUsers(std::filesystem::path file, std::set<std::string> readers)
    : file_(std::move(file)), readers_(std::move(readers)), thread_(kMaxPasswordsWaiting) {
  read_again();
}

void PasswordUsers::read_again() {
  const auto identity = identify_file(file_);
  const auto now = identity ? std::optional(*identity) : std::nullopt;
  if (now && now == identity_) return;
  identity_ = now;
  config::Mistakes mistakes(file_.string());
  auto web = read_web_config(file_, mistakes);
  users_ = web ? std::move(web->users) : std::map<std::string, std::string>();
  for (const auto& mistake : mistakes.list())
    log::error("the web configuration admits nobody", {{"error", to_string(mistake)}});
}

void PasswordUsers::identify(const Credential& credential, const http::Peer&, http::Access access,
                             const Identified& identified) {
  if (credential.kind != Credential::Kind::kBasic ||
      credential.secret.find('\0') != std::string::npos)
    return identified(std::nullopt);
  read_again();
  const auto found = users_.find(credential.user);
  const auto hash = found == users_.end() ? kNobody : found->second;
  const auto name = "user:" + credential.user;
  const Identity identity{name, access != http::Access::kUpdate || !readers_.contains(name)};
  const bool posted = thread_.post([this, identity, identified, password = credential.secret,
                                    hash](const std::stop_token& stop) {
    if (stop.stop_requested())
      return identified(fail(ErrorCode::kStopping, "the sidecar is stopping"));
    if (!is_right(password, hash)) return identified(std::nullopt);
    identified(identity);
  });
  if (!posted)
    identified(fail(ErrorCode::kUnavailable, Reason::kTooManyConnections,
                    "too many passwords are being checked"));
}

bool PasswordUsers::is_right(const std::string& password, const std::string& hash) {
  const auto key = digest_of(hash + '\0' + password);
  if (known_.contains(key)) return true;
  if (!fits(password, hash)) return false;
  if (known_.size() >= kMaxKnown) known_.clear();
  known_.insert(key);
  return true;
}

}  // namespace okg::auth
