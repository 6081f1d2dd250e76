#include "auth/token_files.hpp"

#include <utility>

#include "auth/secret_digest.hpp"
#include "base/io/file.hpp"
#include "base/log.hpp"

namespace okg::auth {
namespace {

constexpr std::size_t kMaxTokenBytes = 8UL * 1024;
constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

Result<std::string> read_token(const std::filesystem::path& path) {
  auto token = read_file(path, kMaxTokenBytes);
  if (!token) return token;
  token->erase(token->find_last_not_of(kWhiteSpace) + 1);
  token->erase(0, token->find_first_not_of(kWhiteSpace));
  if (token->empty()) return fail(ErrorCode::kInvalid, path, " is empty");
  if (token->find_first_of(kWhiteSpace) != std::string::npos)
    return fail(ErrorCode::kInvalid, path, " has white space in its token; write one token a file");
  return token;
}

}  // namespace

TokenFiles::TokenFiles(const std::vector<std::filesystem::path>& files,
                       std::set<std::string> readers)
    : readers_(std::move(readers)) {
  for (const auto& path : files) {
    files_.push_back({path, "token:" + path.filename().string()});
    read_again(files_.back());
  }
}

void TokenFiles::read_again(TokenFile& file) {
  // Identified before it is read: a swap in between
  // then looks like a change the next time.
  const auto identity = identify_file(file.path);
  const auto now = identity ? std::optional(*identity) : std::nullopt;
  if (file.was_read && now == file.identity) return;
  file.was_read = true;
  file.identity = now;
  const auto token = read_token(file.path);
  file.digest = token ? std::optional(digest_of(*token)) : std::nullopt;
  if (!token)
    log::error("a token file admits nobody",
               {{"caller", file.name}, {"error", token.error().message}});
  else
    log::info("token file read", {{"caller", file.name}});
}

void TokenFiles::identify(const Credential& credential, const http::Peer&, http::Access access,
                          const Identified& identified) {
  if (credential.kind != Credential::Kind::kBearer) return identified(std::nullopt);
  const auto given = digest_of(credential.secret);
  const TokenFile* found = nullptr;
  for (auto& file : files_) {
    read_again(file);
    if (file.digest && are_equal(given, *file.digest)) found = &file;
  }
  if (found == nullptr) return identified(std::nullopt);
  identified(
      Identity{found->name, access != http::Access::kUpdate || !readers_.contains(found->name)});
}

}  // namespace okg::auth
