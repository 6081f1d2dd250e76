#include "plugins/hot_update/settings/read_sources.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace okg::hot_update {
namespace {

std::vector<http::IpRange> read_ranges(config::MapReader& map, std::string_view name) {
  std::vector<http::IpRange> ranges;
  for (const auto* item : map.sequence(name)) {
    const auto range = http::IpRange::parse(item->scalar);
    if (range)
      ranges.push_back(*range);
    else
      map.mistake(name, range.error().message);
  }
  return ranges;
}

/// A key with nothing behind it opens nothing: it is a mistake.
std::vector<source::UrlPrefix> read_prefixes(config::MapReader& map, std::string_view name) {
  std::vector<source::UrlPrefix> prefixes;
  for (const auto* item : map.sequence(name)) {
    auto prefix = source::UrlPrefix::parse(item->scalar);
    if (prefix)
      prefixes.push_back(std::move(*prefix));
    else
      map.mistake(name, prefix.error().message);
  }
  if (prefixes.empty() && map.stands(name))
    map.mistake(name, "names no source; without the key any source is taken");
  return prefixes;
}

void check_absolute(config::MapReader& map, std::string_view name, const std::string& file) {
  if (!file.empty() && !file.starts_with('/'))
    map.mistake(name, "'" + file + "' is not an absolute path");
}

std::vector<source::HeaderFile> read_header_files(config::MapReader& map, std::string_view name) {
  std::vector<source::HeaderFile> files;
  for (auto& [url, file] : map.text_map(name)) {
    auto urls = source::UrlPrefix::parse(url);
    if (!urls) {
      map.mistake(name, urls.error().message);
      continue;
    }
    check_absolute(map, name, file);
    files.push_back({std::move(*urls), std::move(file)});
  }
  if (files.empty() && map.stands(name)) map.mistake(name, "names no file");
  return files;
}

std::string read_file_name(config::MapReader& map, std::string_view name) {
  auto file = map.text(name, "");
  check_absolute(map, name, file);
  return file;
}

source::CertificateFiles read_certificate_files(config::MapReader& map, source::UrlPrefix urls) {
  source::CertificateFiles files{std::move(urls), read_file_name(map, "certificateFile"),
                                 read_file_name(map, "keyFile"), read_file_name(map, "caFile")};
  map.finish();
  if (files.certificate.empty() != files.key.empty())
    map.mistake("certificateFile", "goes with keyFile: give both or neither");
  if (files.certificate.empty() && files.authority.empty())
    map.mistake("certificateFile", "is missing: give it with keyFile, or give caFile");
  if (!files.urls.is_secure())
    map.mistake("certificateFile", "needs https: http shows no certificates");
  return files;
}

std::vector<source::CertificateFiles> read_certificates(config::MapReader& map,
                                                        std::string_view name) {
  std::vector<source::CertificateFiles> all;
  for (auto& [url, files] : map.named_maps(name)) {
    auto urls = source::UrlPrefix::parse(url);
    if (urls)
      all.push_back(read_certificate_files(files, std::move(*urls)));
    else
      map.mistake(name, urls.error().message);
  }
  if (all.empty() && map.stands(name)) map.mistake(name, "names no file");
  return all;
}

/// A scheme, a host and perhaps a port.
std::optional<http::Url> read_endpoint(config::MapReader& map) {
  const auto text = map.required_text("endpoint");
  if (text.empty()) return std::nullopt;
  auto endpoint = http::Url::parse(text);
  if (endpoint && endpoint->path() == "/" && endpoint->query().empty() && !endpoint->has_user())
    return std::move(*endpoint);
  map.mistake("endpoint", endpoint ? "has more than scheme, host and port; write it like "
                                     "https://s3.eu-central-1.amazonaws.com"
                                   : endpoint.error().message);
  return std::nullopt;
}

std::optional<source::ObjectStore> read_object_store(config::MapReader& plugin) {
  if (!plugin.stands("s3")) return std::nullopt;
  auto map = plugin.map("s3");
  const auto endpoint = read_endpoint(map);
  source::ObjectStore store;
  store.region = map.required_text("region");
  store.credentials_file = map.required_text("credentialsFile");
  check_absolute(map, "credentialsFile", store.credentials_file);
  store.profile = map.text("profile", store.profile);
  store.style = map.flag("pathStyle", store.style == source::BucketStyle::kPath)
                    ? source::BucketStyle::kPath
                    : source::BucketStyle::kHost;
  map.finish();
  if (!endpoint) return std::nullopt;
  store.endpoint = *endpoint;
  if (store.style == source::BucketStyle::kHost && http::IpAddress::parse_host(endpoint->host()))
    map.mistake("endpoint", "an address has no names below it for buckets; set pathStyle: true");
  return store;
}

/// `key` is a literal.
template <class T>
Setting<T> read_under(config::MapReader& map, std::string_view key,
                      T read(config::MapReader&, std::string_view)) {
  return {read(map, key), key};
}

}  // namespace

source::SourceSettings read_sources(config::MapReader& map) {
  source::SourceSettings settings;
  settings.allowed_sources = read_under(map, "allowedSources", read_prefixes);
  settings.require_https = {map.flag("requireHttps", settings.require_https.value), "requireHttps"};
  settings.header_files = read_under(map, "sourceHeaderFiles", read_header_files);
  settings.certificates = read_under(map, "sourceCertificates", read_certificates);
  settings.object_store = read_object_store(map);
  settings.allowed_addresses = read_under(map, "allowedAddresses", read_ranges);
  settings.denied_addresses = read_under(map, "deniedAddresses", read_ranges);
  return settings;
}

}  // namespace okg::hot_update
