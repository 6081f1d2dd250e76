#include "sidecar/load.hpp"

#include "auth/host_names.hpp"
#include "auth/web_config.hpp"
#include "base/log.hpp"
#include "base/text/byte_size.hpp"
#include "config/reader.hpp"
#include "sidecar/tls_settings.hpp"

#include <algorithm>
#include <string_view>

namespace okg::sidecar {
namespace {

std::chrono::milliseconds read_seconds(config::MapReader& map, std::string_view name,
                                       std::chrono::milliseconds fallback) {
  const auto seconds = map.seconds(name, fallback);
  if (seconds.count() == 0) map.mistake(name, "has to be more than 0");
  return seconds;
}

std::size_t read_size(config::MapReader& map, std::string_view name, std::size_t fallback,
                      std::size_t min) {
  constexpr std::uint64_t kMax = 16ULL * 1024 * 1024;
  const auto size = map.byte_size(name, fallback);
  if (size < min || size > kMax)
    map.mistake(name,
                "is out of range; give " + format_byte_size(min) + " to " + format_byte_size(kMax));
  return size;
}

Setting<std::vector<std::string>> read_allowed_hosts(config::MapReader& map) {
  Setting<std::vector<std::string>> hosts{{}, "http.allowedHosts"};
  for (const auto* each : map.sequence("allowedHosts")) {
    if (auth::is_host_pattern(each->scalar))
      hosts.value.push_back(each->scalar);
    else
      map.mistake("allowedHosts", "'" + each->scalar +
                                      "' is no host; write it like ops.example.com, "
                                      "*.example.com or *, without a port");
  }
  return hosts;
}

std::size_t read_count(config::MapReader& map, std::string_view name, std::size_t fallback) {
  return static_cast<std::size_t>(
      map.integer(name, static_cast<std::int64_t>(fallback), 1, 10'000));
}

/// Reads the map `http`. See docs/limits.md.
http::ServerLimits read_limits(config::MapReader& map) {
  http::ServerLimits limits;
  limits.max_connections = {read_count(map, "maxConnections", limits.max_connections.value),
                            "http.maxConnections"};
  limits.max_connections_per_peer = {
      read_count(map, "maxConnectionsPerPeer", limits.max_connections_per_peer.value),
      "http.maxConnectionsPerPeer"};
  limits.max_header_bytes = {read_size(map, "maxHeaderBytes", limits.max_header_bytes.value, 1024),
                             "http.maxHeaderBytes"};
  limits.max_body_bytes = {read_size(map, "maxBodyBytes", limits.max_body_bytes.value, 1024),
                           "http.maxBodyBytes"};
  limits.idle_timeout = read_seconds(map, "idleSeconds", limits.idle_timeout);
  limits.request_timeout = {read_seconds(map, "requestSeconds", limits.request_timeout.value),
                            "http.requestSeconds"};
  limits.response_timeout = read_seconds(map, "responseSeconds", limits.response_timeout);
  return limits;
}

void read_http(Loaded& loaded, config::Mistakes& mistakes) {
  config::MapReader map(loaded.config.http, "http", mistakes);
  loaded.limits = read_limits(map);
  loaded.allowed_hosts = read_allowed_hosts(map);
  loaded.max_failures_per_peer = {
      read_count(map, "maxFailuresPerPeer", loaded.max_failures_per_peer.value),
      "http.maxFailuresPerPeer"};
  map.finish();
}

/// Taken for people who move over; see docs/moving-over.md.
void hint_at_the_originals_forms(const std::filesystem::path& file,
                                 const config::HostConfig& config) {
  for (const auto& hint : config.hints) log::warn(hint);
  if (file == "/opt/kidecar/config.yaml")
    log::warn("the configuration is where the original sidecar has it; mount it at /opt/sidecar",
              {{"file", file.string()}});
}

/// Adds the settings of a web config file, as
/// Prometheus' exporters have it, to `tls` and `auth`.
void add_web_config(Loaded& loaded, config::Mistakes& mistakes) {
  const auto& file = loaded.config.web_config_file;
  config::Mistakes in_file(file);
  const auto web = auth::read_web_config(file, in_file);
  for (const auto& mistake : in_file.list()) mistakes.add(1, "webConfigFile", to_string(mistake));
  if (!web) return;
  if (web->tls && loaded.tls)
    mistakes.add(loaded.config.tls->line, "tls", "webConfigFile has a tls_server_config as well");
  if (web->tls) loaded.tls = web->tls;
  if (!web->users.empty()) loaded.auth.users_file = file;
  if (web->certificate_names)
    loaded.auth.certificates = {web->tls->client_ca_file, *web->certificate_names};
  if (!web->users.empty() || web->certificate_names) loaded.auth.mode = auth::Mode::kRequired;
}

/// The keys `tls`, `auth` and `webConfigFile`.
void read_callers(Loaded& loaded, config::Mistakes& mistakes) {
  const auto& config = loaded.config;
  if (config.tls) loaded.tls = read_tls(*config.tls, mistakes);
  if (config.auth) loaded.auth = auth::read_settings(*config.auth, mistakes);
  if (!config.web_config_file.empty()) add_web_config(loaded, mistakes);
  if (!loaded.auth.certificates) return;
  if (loaded.tls)
    loaded.tls->client_ca_file = loaded.auth.certificates->ca_file;
  else
    mistakes.add(config.auth ? config.auth->line : 1, "auth.clientCertificates",
                 "needs tls: certificates are shown there");
}

}  // namespace

std::optional<Loaded> load(const std::filesystem::path& file, Registry registry,
                           config::Mistakes& mistakes) {
  const auto root = config::load_file(file, mistakes);
  if (!root) return std::nullopt;
  std::vector<std::string_view> known;
  for (const auto& kind : registry) known.push_back(kind.name);
  Loaded loaded;
  loaded.config = config::read_host_config(*root, known, mistakes);
  read_http(loaded, mistakes);
  hint_at_the_originals_forms(file, loaded.config);
  read_callers(loaded, mistakes);
  for (const auto& entry : loaded.config.plugins) {
    const auto kind = std::ranges::find(registry, entry.name, &PluginKind::name);
    if (kind != registry.end()) loaded.plugins.push_back(kind->configure(entry, mistakes));
  }
  if (!mistakes.empty()) return std::nullopt;
  return loaded;
}

}  // namespace okg::sidecar
