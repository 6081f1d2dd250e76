#include "auth/settings.hpp"

#include "config/reader.hpp"

namespace okg::auth {
namespace {

std::vector<std::string> read_texts(config::MapReader& map, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto* each : map.sequence(name)) {
    if (each->kind == config::Node::Kind::kScalar && !each->scalar.empty())
      texts.push_back(each->scalar);
    else
      map.mistake(name, "expected a list of texts");
  }
  return texts;
}

std::optional<KubernetesSettings> read_kubernetes(config::MapReader& auth) {
  if (!auth.has("kubernetes")) return std::nullopt;
  KubernetesSettings settings;
  auto map = auth.map("kubernetes");
  settings.audience = map.text("audience", settings.audience);
  if (settings.audience.empty()) map.mistake("audience", "must not be empty");
  settings.cache_time = map.seconds("cacheSeconds", settings.cache_time);
  if (settings.cache_time > std::chrono::minutes(5))
    map.mistake("cacheSeconds", "is more than 300; rights that were taken away would go on");
  map.finish();
  return settings;
}

std::optional<CertificateSettings> read_certificates(config::MapReader& auth) {
  if (!auth.has("clientCertificates")) return std::nullopt;
  CertificateSettings settings;
  auto map = auth.map("clientCertificates");
  settings.ca_file = map.required_text("caFile");
  for (auto& each : read_texts(map, "allowedNames")) settings.allowed_names.insert(each);
  if (settings.allowed_names.empty())
    map.mistake("allowedNames", "names nobody; give the names that certificates may have, or '*'");
  map.finish();
  return settings;
}

}  // namespace

Settings read_settings(const config::Node& node, config::Mistakes& mistakes) {
  Settings settings;
  settings.mode = Mode::kRequired;
  if (node.kind == config::Node::Kind::kScalar && node.scalar == "none") {
    settings.mode = Mode::kNone;
    return settings;
  }
  config::MapReader map(node, "auth", mistakes);
  for (auto& each : read_texts(map, "tokenFiles")) settings.token_files.emplace_back(each);
  for (auto& each : read_texts(map, "readers")) settings.readers.insert(each);
  settings.kubernetes = read_kubernetes(map);
  settings.certificates = read_certificates(map);
  map.finish();
  if (settings.token_files.empty() && !settings.kubernetes && !settings.certificates)
    mistakes.add(node.line, "auth",
                 "names nobody who may call; give tokenFiles, kubernetes or clientCertificates, or "
                 "write 'auth: none' where everybody may");
  return settings;
}

}  // namespace okg::auth
