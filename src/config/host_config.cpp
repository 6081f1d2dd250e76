#include "config/host_config.hpp"

#include <algorithm>
#include <system_error>

#include "base/io/file.hpp"
#include "base/text.hpp"
#include "base/text/closest.hpp"
#include "base/text/concat.hpp"
#include "base/text/words.hpp"
#include "config/reader.hpp"

namespace okg::config {
namespace {

constexpr std::size_t kMaxFileBytes = 1024UL * 1024;
constexpr Word<RestartPolicy> kRestartPolicies[]{{RestartPolicy::kAlways, "Always"},
                                                 {RestartPolicy::kOnFailure, "OnFailure"},
                                                 {RestartPolicy::kNever, "Never"}};
constexpr Word<StartOrder> kStartOrders[]{{StartOrder::kBefore, "Before"},
                                          {StartOrder::kAfter, "After"}};

/// The original's manager writes a text that nobody has set that way.
bool is_empty_text(const Node& node) {
  return node.kind == Node::Kind::kScalar && node.scalar.empty();
}

/// The original reads past a bootOrder that stands in `config`, where its examples have it.
void take_out_boot_order(Node& config, const std::string& key_path, HostConfig& host) {
  const auto removed = std::erase_if(
      config.entries, [](const auto& each) { return to_lower(each.key) == "bootorder"; });
  if (removed > 0)
    host.hints.push_back(key_path +
                         ".bootOrder is passed over, as the original sidecar does; "
                         "write it beside name");
}

/// The original's manager writes `binary: null` for each plugin of its own.
void refuse_binary(MapReader& map) {
  if (map.has("binary"))
    map.mistake("binary",
                "is a plugin in an executable of its own, which only the original sidecar starts; "
                "run it as a container of the pod");
}

/// As MapReader::choice; an empty text is the fallback, with a hint.
template <class Value, std::size_t kRows>
Value choice_or_empty(MapReader& top, std::string_view name, Value fallback,
                      const Word<Value> (&table)[kRows], HostConfig& host) {
  if (!is_empty_text(top.subtree(name))) return top.choice(name, fallback, table);
  host.hints.push_back(std::string(name) + " is empty, and taken as " +
                       std::string(word_of(fallback, table)));
  return fallback;
}

/// Nothing when the entry names no plugin that could be
/// started. `name`: what a plugin without one is called.
std::optional<PluginEntry> read_plugin(const Node& node, const std::string& key_path,
                                       const std::string& name,
                                       std::span<const std::string_view> known, HostConfig& host,
                                       Mistakes& mistakes) {
  if (node.kind == Node::Kind::kNull) {
    mistakes.add(node.line, key_path,
                 "is empty; a plugin is a map with name, bootOrder and config");
    return std::nullopt;
  }
  MapReader map(node, key_path, mistakes);
  PluginEntry entry;
  entry.name = name.empty() ? map.required_text("name") : map.text("name", name);
  entry.boot_order =
      static_cast<int>(map.integer("bootOrder", entry.boot_order, -1'000'000, 1'000'000));
  entry.config = map.subtree("config");
  entry.line = map.line("name");
  entry.key_path = key_path + ".config";
  take_out_boot_order(entry.config, entry.key_path, host);
  refuse_binary(map);
  map.finish();
  if (entry.name.empty()) return std::nullopt;
  if (std::ranges::find(known, entry.name) == known.end()) {
    map.mistake("name", "unknown plugin '" + entry.name + "'" + did_you_mean(entry.name, known));
    return std::nullopt;
  }
  return entry;
}

struct Item {
  const Node* node;
  std::string key_path;
  std::string name;  // where the map form gives it; else empty
};

/// The list, or the original sidecar's map from name to plugin, held in `map`.
std::vector<Item> plugin_items(MapReader& top, Node& map) {
  std::vector<Item> items;
  map = top.subtree("plugins");
  if (map.kind == Node::Kind::kMap) {
    for (const auto& each : map.entries)
      items.push_back({&each.value, "plugins." + each.key, each.key});
    return items;
  }
  for (const auto* each : top.sequence("plugins"))
    items.push_back({each, "plugins[" + std::to_string(items.size()) + "]", ""});
  return items;
}

std::vector<PluginEntry> read_plugins(MapReader& top, HostConfig& config,
                                      std::span<const std::string_view> known, Mistakes& mistakes) {
  std::vector<PluginEntry> plugins;
  const auto mistakes_before = mistakes.size();
  Node map;
  const auto items = plugin_items(top, map);
  if (map.kind == Node::Kind::kMap)
    config.hints.emplace_back(
        "plugins is a map, as the original sidecar has it; write a list: - name: NAME");
  if (items.empty() && mistakes.size() == mistakes_before)
    top.mistake("plugins", "there must be at least one plugin");
  for (const auto& item : items) {
    auto entry = read_plugin(*item.node, item.key_path, item.name, known, config, mistakes);
    if (!entry) continue;
    const auto first =
        std::ranges::find_if(plugins, [&](const auto& other) { return other.name == entry->name; });
    if (first != plugins.end())
      mistakes.add(entry->line, item.key_path + ".name",
                   "plugin '" + entry->name + "' stands twice; the first one is on line " +
                       std::to_string(first->line));
    else
      plugins.push_back(*std::move(entry));
  }
  std::ranges::stable_sort(
      plugins, [](const auto& a, const auto& b) { return a.boot_order < b.boot_order; });
  return plugins;
}

void read_resources(MapReader map, HostConfig& config) {
  const auto given = [&](std::string_view name) {
    const bool empty = is_empty_text(map.subtree(name));
    if (empty) config.hints.push_back("resources." + std::string(name) + " is empty: no limit");
    return map.has(name) && !empty;
  };
  if (given("CPU")) config.cpu_millis = map.cpu_millis("CPU", 0);
  if (given("Memory")) config.memory_bytes = map.byte_size("Memory", 0);
  map.finish();
}

ListenAddress read_listen(MapReader& top, const ListenAddress& fallback) {
  const auto text = top.text("listen", std::to_string(fallback.port));
  const auto address = parse_listen_address(text);
  if (!address) top.mistake("listen", address.error().message);
  return address.value_or(fallback);
}

}  // namespace

HostConfig read_host_config(const Node& root, std::span<const std::string_view> known_plugins,
                            Mistakes& mistakes) {
  HostConfig config;
  MapReader top(root, "", mistakes);
  config.plugins = read_plugins(top, config, known_plugins, mistakes);
  config.restart_policy =
      choice_or_empty(top, "restartPolicy", config.restart_policy, kRestartPolicies, config);
  config.start_order =
      choice_or_empty(top, "sidecarStartOrder", config.start_order, kStartOrders, config);
  read_resources(top.map("resources"), config);
  config.listen = read_listen(top, config.listen);
  config.http = top.subtree("http");
  if (top.stands("tls")) config.tls = top.subtree("tls");
  if (top.stands("webConfigFile")) config.web_config_file = top.required_text("webConfigFile");
  if (top.stands("auth")) config.auth = top.subtree("auth");
  config.shutdown_grace = top.seconds("shutdownGraceSeconds", config.shutdown_grace);
  top.finish();
  return config;
}

std::filesystem::path default_config_file(const std::filesystem::path& root) {
  const auto ours = root / "opt/sidecar/config.yaml";
  const auto originals = root / "opt/kidecar/config.yaml";
  std::error_code ignored;
  const bool only_originals =
      !std::filesystem::exists(ours, ignored) && std::filesystem::exists(originals, ignored);
  return only_originals ? originals : ours;
}

std::optional<Node> load_file(const std::filesystem::path& path, Mistakes& mistakes) {
  const auto refuse = [&](std::string_view why) {
    mistakes.add(1, "", why);
    return std::nullopt;
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return refuse("is a directory, not a file");
  auto text = read_file_or_pipe(path, kMaxFileBytes);
  if (!text && text.error().code == ErrorCode::kRefused)
    return refuse(concat("the file is larger than ", kMaxFileBytes >> 20U, " MiB"));
  if (!text) return refuse("cannot be read: " + text.error().message);
  auto root = parse_yaml(*text, mistakes);
  if (!root) return std::nullopt;
  if (root->kind == Node::Kind::kNull)
    return refuse("the file is empty; it must hold at least the key plugins");
  if (root->kind == Node::Kind::kMap) return root;
  mistakes.add(root->line, "", "expected a map with the key plugins at the top of the file");
  return std::nullopt;
}

}  // namespace okg::config
