#include "plugins/hot_update/settings/settings.hpp"

#include <signal.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "base/text/words.hpp"
#include "config/listen_address.hpp"
#include "config/reader.hpp"
#include "http/authority.hpp"
#include "http/client/url.hpp"
#include "kube/names.hpp"
#include "plugins/hot_update/settings/read_sources.hpp"
#include "plugins/hot_update/settings/read_storage.hpp"
#include "process/signal.hpp"

namespace okg::hot_update {
namespace {

constexpr std::int64_t kMaxUser = 4'294'967'294;  // the last uid_t is no user: chown(2)

SignalSettings read_signal(config::MapReader map, bool needed) {
  SignalSettings settings;
  if (needed) {
    settings.process_name = map.required_text("processName");
    const auto name = map.required_text("signalName");
    if (!name.empty()) {
      auto number = process::parse_signal(name);
      if (number)
        settings.signal = *number;
      else
        map.mistake("signalName", number.error().message);
      if (settings.signal == SIGSTOP)
        map.mistake("signalName", "SIGSTOP stops every game until SIGCONT; none can handle it");
    }
  } else {
    settings.process_name = map.text("processName", settings.process_name);
    (void)map.text("signalName", "");
  }
  if (map.has("user")) settings.user = static_cast<uid_t>(map.integer("user", 0, 0, kMaxUser));
  settings.container = map.text("container", settings.container);
  settings.settle = std::chrono::milliseconds(
      map.integer("settleMilliseconds", settings.settle.count(), 0, 60'000));
  settings.check_handler = map.flag("checkHandler", settings.check_handler);
  settings.wait = map.seconds("waitSeconds", settings.wait);
  map.finish();
  return settings;
}

RequestSettings read_request(config::MapReader map, bool needed) {
  RequestSettings settings;
  if (needed && !map.has("port"))
    map.mistake("port", "is missing; say where the game listens for the request to reload");
  const auto address = map.text("address", "127.0.0.1");
  const auto port = map.integer("port", 80, 1, 65535);
  auto path = map.text("path", "/");
  if (!path.starts_with('/'))
    map.mistake("path", "'" + path + "' has to begin with a slash, like /reload");
  settings.url = "http://" + http::url_host(address) + ":" + std::to_string(port) + path;
  if (const auto url = http::Url::parse(settings.url); !url)
    map.mistake("address", "address, port and path make no URL: " + url.error().message +
                               "; address is an IP address or a name, like 127.0.0.1");
  settings.method = map.text("method", settings.method);
  if (settings.method.empty() ||
      !std::ranges::all_of(settings.method, [](char c) { return c >= 'A' && c <= 'Z'; }))
    map.mistake("method",
                "'" + settings.method + "' is not an HTTP method; write one like POST or GET");
  for (auto& [name, value] : map.text_map("headers")) settings.headers.push_back({name, value});
  settings.body = map.text("body", settings.body);
  settings.expected_status_code =
      static_cast<int>(map.integer("expectedStatusCode", settings.expected_status_code, 100, 599));
  settings.timeout = map.seconds("timeoutSeconds", settings.timeout);
  map.finish();
  return settings;
}

void check_http_url(config::MapReader& map, const std::string& url) {
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    map.mistake("url", "'" + url + "' is not an http or https address");
  else if (const auto parsed = http::Url::parse(url); !url.empty() && !parsed)
    map.mistake("url", parsed.error().message);
}

ConfirmSettings read_confirm(config::MapReader map, const SignalSettings& signal) {
  ConfirmSettings settings;
  auto http = map.map("http");
  settings.http_url = map.has("http") ? http.required_text("url") : "";
  check_http_url(http, settings.http_url);
  settings.expected_status_code =
      static_cast<int>(http.integer("expectedStatusCode", settings.expected_status_code, 100, 599));
  settings.body_contains = http.text("bodyContains", settings.body_contains);
  http.finish();
  auto tcp = map.map("tcp");
  settings.tcp_address = map.has("tcp") ? tcp.required_text("address") : "";
  if (auto address = config::parse_listen_address(settings.tcp_address);
      !settings.tcp_address.empty() && (!address || address->port == 0 || address->host.empty()))
    tcp.mistake("address", "'" + settings.tcp_address + "' is not IP:PORT, like 127.0.0.1:80");
  tcp.finish();
  settings.process_alive = map.seconds("processAliveSeconds", settings.process_alive);
  settings.timeout = map.seconds("timeoutSeconds", settings.timeout);
  settings.interval = std::chrono::milliseconds(
      map.integer("intervalMilliseconds", settings.interval.count(), 1, 60'000));
  if (settings.process_alive.count() > 0 && signal.process_name.empty())
    map.mistake("processAliveSeconds",
                "needs signal.processName, to know which process has to live");
  if (settings.process_alive > settings.timeout)
    map.mistake("processAliveSeconds",
                "is longer than timeoutSeconds, so that no update could ever be confirmed");
  map.finish();
  return settings;
}

std::size_t read_count(config::MapReader& map, std::string_view name, std::size_t fallback,
                       std::int64_t min, std::int64_t max) {
  return static_cast<std::size_t>(map.integer(name, static_cast<std::int64_t>(fallback), min, max));
}

content::DownloadSettings read_download(config::MapReader map) {
  content::DownloadSettings settings;
  settings.timeout = map.seconds("timeoutSeconds", settings.timeout);
  settings.connect_timeout = map.seconds("connectTimeoutSeconds", settings.connect_timeout);
  settings.stall_timeout = map.seconds("stallTimeoutSeconds", settings.stall_timeout);
  settings.retries = static_cast<int>(map.integer("retries", settings.retries, 0, 100));
  settings.max_redirects = {
      static_cast<int>(map.integer("maxRedirects", settings.max_redirects.value, 0, 50)),
      "maxRedirects"};
  settings.max_bytes = {map.byte_size("maxBytes", settings.max_bytes.value), "download.maxBytes"};
  settings.max_bytes_per_second = map.byte_size("maxBytesPerSecond", settings.max_bytes_per_second);
  settings.ca_file = {map.text("caFile", settings.ca_file.value), "download.caFile"};
  settings.allow_empty = map.flag("allowEmpty", settings.allow_empty);
  settings.parallel = static_cast<unsigned>(map.integer("parallel", settings.parallel, 1, 64));
  settings.min_free_percent = {
      static_cast<unsigned>(map.integer("minFreePercent", settings.min_free_percent.value, 0, 90)),
      "download.minFreePercent"};
  map.finish();
  return settings;
}

content::ArchiveLimits read_archive_limits(config::MapReader map) {
  content::ArchiveLimits limits;
  limits.max_files = {read_count(map, "maxFiles", limits.max_files.value, 1, 1'000'000),
                      "archive.maxFiles"};
  constexpr std::uint64_t kNameBytes = 160;
  limits.max_name_bytes = std::max(limits.max_name_bytes, limits.max_files.value * kNameBytes);
  limits.max_bytes = {map.byte_size("maxBytes", limits.max_bytes.value), "archive.maxBytes"};
  limits.max_ratio = {read_count(map, "maxRatio", limits.max_ratio.value, 1, 1'000'000),
                      "archive.maxRatio"};
  limits.allow_symlinks = {map.flag("allowSymlinks", limits.allow_symlinks.value),
                           "archive.allowSymlinks"};
  map.finish();
  return limits;
}

LatestSettings read_latest(config::MapReader map) {
  static constexpr Word<LatestTrust> kTrusts[]{{LatestTrust::kChecked, "checked"},
                                               {LatestTrust::kShared, "shared"}};
  LatestSettings settings;
  settings.trust = map.choice("trust", settings.trust, kTrusts);
  settings.read_original = map.flag("readOriginal", settings.read_original);
  map.finish();
  return settings;
}

HoldWhile read_hold_while(config::MapReader map, const std::filesystem::path& folder) {
  HoldWhile hold;
  hold.label = map.required_text("label");
  if (!hold.label.empty()) config::check_value(map, "label", hold.label, kube::check_label_key);
  for (const auto* value : map.sequence("values")) hold.values.push_back(value->scalar);
  if (hold.values.empty() ||
      std::ranges::any_of(hold.values, [](const std::string& value) { return value.empty(); }))
    map.mistake("values", "has to list the label's values at which orders wait, like [Allocated]");
  hold.labels_file = map.text("labelsFile", (folder / "labels").string());
  if (!hold.labels_file.is_absolute())
    map.mistake("labelsFile", "'" + hold.labels_file.string() + "' is not an absolute path");
  map.finish();
  return hold;
}

OrderSettings read_orders(config::MapReader map, results::StorageSettings& storage) {
  static constexpr Word<bool> kOnPodOnly[]{{false, "all"}, {true, "pod"}};
  OrderSettings settings;
  settings.is_given = map.has("file");
  settings.file = map.text("file", settings.file.string());
  if (!settings.file.is_absolute())
    map.mistake("file", "'" + settings.file.string() + "' is not an absolute path");
  auto& on_pod_only = storage.in_kube.orders_on_pod_only;
  on_pod_only = map.choice("recordTo", on_pod_only, kOnPodOnly);
  if (map.has("holdWhile"))
    settings.hold_while = read_hold_while(map.map("holdWhile"), settings.file.parent_path());
  map.finish();
  return settings;
}

/// Whoever may write or run such a file may also read it. A decimal
/// mode that was read as octal usually fails this.
bool is_readable(unsigned mode) {
  const auto reads = [&](unsigned bits) { return bits == 0 || (bits & 4U) != 0; };
  return (mode & 0400U) != 0 && reads(mode >> 3U & 7U) && reads(mode & 7U);
}

/// "0644" or "644": octal, as chmod(1) takes it.
mode_t read_file_mode(config::MapReader& map, mode_t fallback) {
  const auto text = map.text("fileMode", "");
  if (text.empty()) return fallback;
  const auto mode = parse_whole<unsigned>(text, 8);
  if (!mode || *mode > 0777) {
    map.mistake("fileMode",
                "'" + text + "' is not a file mode; write three octal digits, like 0644");
    return fallback;
  }
  if (!is_readable(*mode)) {
    map.mistake("fileMode", "'" + text +
                                "' lets somebody write or run who may not read; write it in quotes "
                                "(Helm and JSON make 420 of 0644)");
    return fallback;
  }
  return static_cast<mode_t>(*mode);
}

}  // namespace

Settings read_settings(const config::PluginEntry& entry, config::Mistakes& mistakes) {
  static constexpr Word<LoadPatchType> kTypes[]{{LoadPatchType::kSignal, "signal"},
                                                {LoadPatchType::kRequest, "request"},
                                                {LoadPatchType::kNone, "none"}};
  Settings settings;
  config::MapReader map(entry.config, entry.key_path, mistakes);
  settings.load_patch_type = map.choice("loadPatchType", settings.load_patch_type, kTypes);
  settings.file_dir = map.text("fileDir", settings.file_dir.string());
  if (!settings.file_dir.is_absolute())
    map.mistake("fileDir", "'" + settings.file_dir.string() + "' is not an absolute path");
  settings.state_dir = map.text("stateDir", (settings.file_dir / ".okg-sidecar").string());
  if (!settings.state_dir.is_absolute())
    map.mistake("stateDir", "'" + settings.state_dir.string() + "' is not an absolute path");
  settings.file_mode = read_file_mode(map, settings.file_mode);
  settings.keep_versions = read_count(map, "keepVersions", settings.keep_versions, 0, 100);
  settings.keep_bytes = map.byte_size("keepBytes", settings.keep_bytes);
  settings.max_queued = read_count(map, "maxQueued", settings.max_queued, 1, 1000);
  settings.max_paths = read_count(map, "maxPaths", settings.max_paths, 1, 10'000);
  settings.max_update = map.seconds("maxUpdateSeconds", settings.max_update);
  if (settings.max_update.count() == 0) map.mistake("maxUpdateSeconds", "has to be more than 0");
  settings.signal =
      read_signal(map.map("signal"), settings.load_patch_type == LoadPatchType::kSignal);
  settings.request =
      read_request(map.map("request"), settings.load_patch_type == LoadPatchType::kRequest);
  settings.confirm = read_confirm(map.map("confirm"), settings.signal);
  settings.download = read_download(map.map("download"));
  settings.archive = read_archive_limits(map.map("archive"));
  settings.source = read_sources(map);
  settings.content = read_content_rules(map);
  settings.latest = read_latest(map.map("latest"));
  settings.storage = read_storage(map.map("storageConfig"));
  settings.orders = read_orders(map.map("orders"), settings.storage);
  map.finish();
  return settings;
}

}  // namespace okg::hot_update
