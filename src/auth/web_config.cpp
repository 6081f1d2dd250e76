#include "auth/web_config.hpp"

#include <array>
#include <string_view>

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

/// What callers' certificates have to be, of the five words that the format knows.
bool needs_certificate(config::MapReader& map, bool has_authority) {
  static constexpr std::array<std::string_view, 5> kWords{
      "NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
      "RequireAndVerifyClientCert"};
  const auto word = kWords.at(map.choice("client_auth_type", 0, kWords));
  const bool is_required = word == "RequireAndVerifyClientCert";
  if (is_required && !has_authority) map.mistake("client_auth_type", "needs client_ca_file");
  if (!is_required && word != "NoClientCert")
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
  static constexpr std::array<std::string_view, 4> kVersions{"TLS12", "TLS13", "TLS10", "TLS11"};
  http::TlsOptions tls;
  tls.certificate_file = below(folder, map.required_text("cert_file"));
  tls.key_file = below(folder, map.required_text("key_file"));
  const auto version = map.choice("min_version", 0, kVersions);
  if (version > 1) map.mistake("min_version", "is older than TLS 1.2; give TLS12 or TLS13");
  tls.min_version = version == 1 ? http::TlsVersion::k13 : http::TlsVersion::k12;
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
