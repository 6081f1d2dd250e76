#include "plugins/hot_update/settings/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "config/node.hpp"
#include "http/client/url.hpp"
#include "sidecar/load.hpp"

namespace okg::hot_update {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> mistakes_in(const std::string& in_kube) {
  config::Mistakes mistakes("config.yaml");
  const auto root =
      config::parse_yaml("loadPatchType: none\nstorageConfig:\n  inKube:\n" + in_kube, mistakes);
  if (!root) return {"no YAML"};
  config::PluginEntry entry;
  entry.config = *root;
  entry.key_path = "plugins[0].config";
  (void)read_settings(entry, mistakes);
  std::vector<std::string> lines;
  for (const auto& mistake : mistakes.list()) lines.push_back(to_string(mistake));
  return lines;
}

TEST(read_settings, takes_names_that_kubernetes_takes) {
  EXPECT_THAT(mistakes_in("    annotationKey: sidecar.vke.volcengine.com/hot-update-result\n    "
                          "labelKey: hot-update-version\n"
                          "    shards: 3\n    configMap: {namespace: games, name: my.results}\n"),
              ElementsAre());
}

TEST(read_settings, names_what_kubernetes_would_refuse_with_file_line_and_key) {
  EXPECT_THAT(
      mistakes_in("    annotationKey: 'a b'\n    labelKey: x/y/z\n    configMap:\n      namespace: "
                  "Kube\n      name: ../x\n"),
      ElementsAre(
          AllOf(HasSubstr("config.yaml:4: plugins[0].config.storageConfig.inKube.annotationKey:"),
                HasSubstr("'a b'")),
          AllOf(HasSubstr("config.yaml:5: "), HasSubstr("inKube.labelKey:"),
                HasSubstr("key of a label")),
          AllOf(HasSubstr("config.yaml:7: "), HasSubstr("configMap.namespace:"),
                HasSubstr("kube-system")),
          AllOf(HasSubstr("config.yaml:8: "), HasSubstr("configMap.name:"),
                HasSubstr("sidecar-result"))));
}

TEST(read_settings, leaves_room_for_the_number_of_a_shard) {
  const auto name = std::string(252, 'a');
  EXPECT_THAT(mistakes_in("    configMap: {name: " + name + "}\n"), ElementsAre());
  EXPECT_THAT(mistakes_in("    shards: 2\n    configMap: {name: " + name + "}\n"),
              ElementsAre(HasSubstr("configMap.name")));
}

// docs/configuration.md shows each key with its default, but for the examples that are named here.

using Values = std::map<std::string, std::string>;  // "download.retries" -> "3"

/// Keys of the plugin's configuration go without "plugins.config.".
void flatten(const config::Node& node, const std::string& key, Values& values) {
  constexpr std::string_view kPlugin = "plugins.config.";
  for (const auto& item : node.items) flatten(item, key, values);
  for (const auto& each : node.entries)
    flatten(each.value, key.empty() ? each.key : key + "." + each.key, values);
  if (node.kind == config::Node::Kind::kScalar)
    values[key.starts_with(kPlugin) ? key.substr(kPlugin.size()) : key] = node.scalar;
}

/// The page's first block of YAML that has this text.
Values shown_beside(std::string_view text) {
  std::ifstream file(OKG_CONFIGURATION_PAGE);
  std::stringstream page;
  page << file.rdbuf();
  const auto all = page.str();
  const auto begin = all.rfind("```yaml\n", all.find(text)) + std::string_view("```yaml\n").size();
  Values values;
  flatten(config::parse_yaml(all.substr(begin, all.find("```", begin) - begin)).value(), "",
          values);
  return values;
}

void expect_defaults(Values page, const Values& code, const std::set<std::string>& examples) {
  for (const auto& key : examples)
    EXPECT_EQ(page.erase(key), 1U) << key << " is not in the page, or is a default";
  for (const auto& [key, value] : code) EXPECT_EQ(page[key], value) << key;
  for (const auto& [key, value] : page)
    EXPECT_TRUE(code.contains(key)) << key << " is neither a default nor named as an example";
}

/// 2500 ms -> "2.5".
std::string seconds(std::chrono::milliseconds time) {
  std::ostringstream text;
  text << std::chrono::duration<double>(time).count();
  return text.str();
}
std::string flag(bool value) { return value ? "true" : "false"; }
std::string word(bool is_default, const char* text) { return is_default ? text : "another"; }

/// 8192 -> "8Ki".
std::string quantity(std::uint64_t bytes) {
  constexpr std::uint64_t kStep = 1024;
  std::size_t steps = 0;
  for (; steps < 3 && bytes != 0 && bytes % kStep == 0; ++steps) bytes /= kStep;
  return std::to_string(bytes) + std::array{"", "Ki", "Mi", "Gi"}.at(steps);
}

std::string octal(unsigned mode) {
  std::ostringstream text;
  text << '0' << std::oct << mode;
  return text.str();
}

/// Of a configuration that says nothing else.
Settings settings_of(std::string_view text) {
  config::Mistakes mistakes("config.yaml");
  config::PluginEntry entry;
  entry.config = config::parse_yaml(text).value();
  auto settings = read_settings(entry, mistakes);
  EXPECT_TRUE(mistakes.empty());
  return settings;
}

Values defaults_of_updates() {
  const auto of = settings_of("signal: {processName: game, signalName: HUP}");
  return {{"loadPatchType", word(of.load_patch_type == LoadPatchType::kSignal, "signal")},
          {"fileDir", of.file_dir},
          {"stateDir", of.state_dir},
          {"fileMode", octal(of.file_mode)},
          {"keepVersions", std::to_string(of.keep_versions)},
          {"maxQueued", std::to_string(of.max_queued)},
          {"maxPaths", std::to_string(of.max_paths)},
          {"maxUpdateSeconds", seconds(of.max_update)},
          {"signal.checkHandler", flag(of.signal.check_handler)},
          {"signal.waitSeconds", seconds(of.signal.wait)},
          {"signal.settleMilliseconds", std::to_string(of.signal.settle.count())},
          {"confirm.http.expectedStatusCode", std::to_string(of.confirm.expected_status_code)},
          {"confirm.timeoutSeconds", seconds(of.confirm.timeout)},
          {"confirm.intervalMilliseconds", std::to_string(of.confirm.interval.count())},
          {"orders.file", of.orders.file},
          {"orders.recordTo", word(!of.storage.in_kube.orders_on_pod_only, "all")},
          {"requireSha256", flag(of.content.require_sha256)},
          {"latest.trust", word(of.latest.trust == LatestTrust::kChecked, "checked")},
          {"latest.readOriginal", flag(of.latest.read_original)}};
}

Values defaults_of_content() {
  const auto of = settings_of("signal: {processName: game, signalName: HUP}");
  const auto& in_kube = of.storage.in_kube;
  return {{"download.timeoutSeconds", seconds(of.download.timeout)},
          {"download.connectTimeoutSeconds", seconds(of.download.connect_timeout)},
          {"download.stallTimeoutSeconds", seconds(of.download.stall_timeout)},
          {"download.retries", std::to_string(of.download.retries)},
          {"download.maxRedirects", std::to_string(of.download.max_redirects.value)},
          {"download.maxBytes", quantity(of.download.max_bytes.value)},
          {"download.maxBytesPerSecond", quantity(of.download.max_bytes_per_second)},
          {"download.caFile", of.download.ca_file.value},
          {"download.allowEmpty", flag(of.download.allow_empty)},
          {"download.parallel", std::to_string(of.download.parallel)},
          {"download.minFreePercent", std::to_string(of.download.min_free_percent.value)},
          {"archive.maxFiles", std::to_string(of.archive.max_files.value)},
          {"archive.maxBytes", quantity(of.archive.max_bytes.value)},
          {"archive.maxRatio", std::to_string(of.archive.max_ratio.value)},
          {"archive.allowSymlinks", flag(of.archive.allow_symlinks.value)},
          {"storageConfig.inKube.resultFormat",
           word(in_kube.result_format == results::ResultFormat::kOwn, "json")},
          {"storageConfig.inKube.configMap.namespace", in_kube.config_map_namespace},
          {"storageConfig.inKube.configMap.name", in_kube.config_map_name},
          {"storageConfig.inKube.shards", std::to_string(in_kube.shards)}};
}

Values defaults_of_the_host() {
  const sidecar::Loaded of;
  const auto& config = of.config;
  return {
      {"plugins.bootOrder", std::to_string(config::PluginEntry().boot_order)},
      {"restartPolicy", word(config.restart_policy == config::RestartPolicy::kAlways, "Always")},
      {"sidecarStartOrder", word(config.start_order == config::StartOrder::kBefore, "Before")},
      {"listen", config.listen.host + ":" + std::to_string(config.listen.port)},
      {"shutdownGraceSeconds", seconds(config.shutdown_grace)},
      {"http.maxConnections", std::to_string(of.limits.max_connections.value)},
      {"http.maxConnectionsPerPeer", std::to_string(of.limits.max_connections_per_peer.value)},
      {"http.maxHeaderBytes", quantity(of.limits.max_header_bytes.value)},
      {"http.maxBodyBytes", quantity(of.limits.max_body_bytes.value)},
      {"http.idleSeconds", seconds(of.limits.idle_timeout)},
      {"http.requestSeconds", seconds(of.limits.request_timeout.value)},
      {"http.responseSeconds", seconds(of.limits.response_timeout)},
      {"http.maxFailuresPerPeer", std::to_string(of.max_failures_per_peer.value)}};
}

TEST(read_settings, has_the_defaults_that_the_page_shows) {
  auto code = defaults_of_updates();
  code.merge(defaults_of_content());
  code.merge(defaults_of_the_host());
  expect_defaults(
      shown_beside("bootOrder: 0"), code,
      {"plugins.name", "signal.processName", "signal.signalName", "confirm.http.url",
       "confirm.http.bodyContains", "confirm.tcp.address", "confirm.processAliveSeconds",
       "storageConfig.type", "storageConfig.inKube.annotationKey", "storageConfig.inKube.labelKey",
       "resources.CPU", "resources.Memory"});
}

TEST(read_settings, has_the_defaults_of_a_request_that_the_page_shows) {
  const auto of = settings_of("{loadPatchType: request, request: {port: 8080}}").request;
  expect_defaults(shown_beside("loadPatchType: request\n"),
                  {{"request.address", http::Url::parse(of.url).value().host()},
                   {"request.method", of.method},
                   {"request.body", of.body},
                   {"request.expectedStatusCode", std::to_string(of.expected_status_code)},
                   {"request.timeoutSeconds", seconds(of.timeout)}},
                  {"plugins.name", "loadPatchType", "request.port", "request.path",
                   "request.headers.X-Reload-Token"});
}

}  // namespace
}  // namespace okg::hot_update
