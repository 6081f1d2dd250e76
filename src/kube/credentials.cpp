#include "kube/credentials.hpp"
#include "base/environment.hpp"
#include "base/io/file.hpp"
#include "base/text.hpp"
#include "http/authority.hpp"

#include <sys/stat.h>

#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace okg::kube {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20U;
constexpr std::string_view kBlanks = " \t\r\n";

Result<std::string> read_trimmed(const std::string& path) {
  const auto text = read_file(path, kMaxFileBytes);
  if (!text) return text.error();
  const auto word = trimmed(*text, kBlanks);
  if (word.empty()) return fail(ErrorCode::kInvalid, path, " is empty");
  return std::string(word);
}

Error not_mounted(const Error& error) {
  return {ErrorCode::kInvalid,
          error.message +
              "; the pod needs a mounted service account: remove "
              "automountServiceAccountToken: false from the pod and its "
              "ServiceAccount, or name the folder with --service-account-dir",
          Reason::kServiceAccountMissing};
}

}  // namespace

Result<Credentials> Credentials::in_cluster(const std::filesystem::path& dir) {
  const std::string host = environment("KUBERNETES_SERVICE_HOST").value_or("");
  if (host.empty())
    return fail(ErrorCode::kInvalid, Reason::kServiceAccountMissing,
                "not in a cluster: KUBERNETES_SERVICE_HOST is not set");
  const std::string port = environment("KUBERNETES_SERVICE_PORT").value_or("");
  if (port.empty())
    return fail(ErrorCode::kInvalid, Reason::kServiceAccountMissing,
                "not in a cluster: KUBERNETES_SERVICE_PORT is not set");
  return for_server("https://" + http::url_host(host) + ":" + port, dir);
}

Result<Credentials> Credentials::for_server(std::string base_url,
                                            const std::filesystem::path& dir) {
  Credentials credentials;
  credentials.base_url_ = std::move(base_url);
  credentials.ca_file_ = dir / "ca.crt";
  credentials.token_file_ = dir / "token";
  if (auto token = credentials.reload(); !token) return not_mounted(token.error());
  if (auto ca = read_trimmed(credentials.ca_file_); !ca) return not_mounted(ca.error());
  auto own_namespace = read_trimmed(dir / "namespace");
  if (!own_namespace) return not_mounted(own_namespace.error());
  credentials.namespace_ = *std::move(own_namespace);
  return credentials;
}

const std::string& Credentials::token() {
  const auto identity = identify_file(token_file_);
  if (identity && *identity != token_identity_) (void)reload();
  return token_;
}

Result<void> Credentials::reload() {
  // Identified before it is read: a swap in between then
  // looks like a change the next time, never like none.
  auto identity = identify_file(token_file_);
  if (!identity) return identity.error();
  auto token = read_trimmed(token_file_);
  if (!token) return token.error();
  token_ = *std::move(token);
  token_identity_ = *identity;
  return {};
}

}  // namespace okg::kube
