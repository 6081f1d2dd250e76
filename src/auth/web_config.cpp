#include "auth/web_config.hpp"

#include <optional>
#include <string_view>

#include "base/text/words.hpp"
#include "config/host_config.hpp"
#include "config/reader.hpp"

namespace okg::auth {
namespace {

using std::filesystem::path;

/// Empty stays empty.
path below(const path& folder, const std::string& file) {
  return file.empty() ? path() : folder / file;
}

void refuse_unsupported(config::MapReader& map, std::string_view name) {
  if (map.has(name)) map.mistake(name, "is not supported here; leave it out");
}

/// The demand on callers' certificates.
enum class ClientAuth { kNone, kRequired, kUnsupported };

bool needs_certificate(config::MapReader& map, bool has_authority) {
  static constexpr Word<ClientAuth> kWords[]{{ClientAuth::kNone, "NoClientCert"},
                                             {ClientAuth::kUnsupported, "RequestClientCert"},
                                             {ClientAuth::kUnsupported, "RequireAnyClientCert"},
                                             {ClientAuth::kUnsupported, "VerifyClientCertIfGiven"},
                                             {ClientAuth::kRequired, "RequireAndVerifyClientCert"}};
  const auto wanted = map.choice("client_auth_type", ClientAuth::kNone, kWords);
  const bool is_required = wanted == ClientAuth::kRequired;
  if (is_required && !has_authority) map.mistake("client_auth_type", "needs client_ca_file");
  if (wanted == ClientAuth::kUnsupported)
    map.mistake("client_auth_type",
                "is not supported here; give RequireAndVerifyClientCert, or "
                "leave it out");
  return is_required;
}

std::set<std::string> read_names(config::MapReader& map) {
  std::set<std::string> names;
  for (const auto* each : map.sequence("client_allowed_sans")) names.insert(each->scalar);
  if (names.empty()) names.insert("*");
  return names;
}

void read_tls(config::MapReader map, const path& folder, WebConfig& web) {
  using Version = std::optional<http::TlsVersion>;  // nothing: too old
  static constexpr Word<Version> kVersions[]{{http::TlsVersion::k12, "TLS12"},
                                             {http::TlsVersion::k13, "TLS13"},
                                             {std::nullopt, "TLS10"},
                                             {std::nullopt, "TLS11"}};
  http::TlsOptions tls;
  tls.certificate_file = below(folder, map.required_text("cert_file"));
  tls.key_file = below(folder, map.required_text("key_file"));
  const auto version = map.choice("min_version", tls.min_version, kVersions);
  if (!version) map.mistake("min_version", "is older than TLS 1.2; give TLS12 or TLS13");
  tls.min_version = version.value_or(tls.min_version);
  const auto authority = below(folder, map.text("client_ca_file", ""));
  const auto names = read_names(map);
  if (needs_certificate(map, !authority.empty())) {
    tls.client_ca_file = authority;
    web.certificate_names = names;
  }
  (void)map.flag("prefer_server_cipher_suites", true);
  for (const auto* name : {"cipher_suites", "curve_preferences", "max_version"})
    refuse_unsupported(map, name);
  map.finish();
  web.tls = std::move(tls);
}

}  // namespace

std::optional<WebConfig> read_web_config(const path& file, config::Mistakes& mistakes) {
  const auto before = mistakes.size();
  const auto root = config::load_file(file, mistakes);
  if (!root) return std::nullopt;
  WebConfig web;
  config::MapReader map(*root, "", mistakes);
  if (map.has("tls_server_config")) read_tls(map.map("tls_server_config"), file.parent_path(), web);
  for (auto& [name, hash] : map.text_map("basic_auth_users")) {
    if (!hash.starts_with("$2"))
      map.mistake("basic_auth_users", "the password of " + name + " is no bcrypt hash");
    web.users.emplace(name, hash);
  }
  (void)map.subtree("http_server_config");  // HTTP/2 and headers of answers
  map.finish();
  if (mistakes.size() != before) return std::nullopt;
  return web;
}

}  // namespace okg::auth
