#include "sidecar/load.hpp"

#include <algorithm>
#include <string_view>

namespace okg::sidecar {

std::optional<Loaded> load(const std::filesystem::path& file, Registry registry,
                           config::Mistakes& mistakes) {
  const auto root = config::load_file(file, mistakes);
  if (!root) return std::nullopt;
  std::vector<std::string_view> known;
  for (const auto& kind : registry) known.push_back(kind.name);
  Loaded loaded;
  loaded.config = config::read_host_config(*root, known, mistakes);
  for (const auto& entry : loaded.config.plugins) {
    const auto kind = std::find_if(registry.begin(), registry.end(),
                                   [&](const PluginKind& each) { return each.name == entry.name; });
    if (kind != registry.end()) loaded.plugins.push_back(kind->configure(entry, mistakes));
  }
  if (!mistakes.empty()) return std::nullopt;
  return loaded;
}

}  // namespace okg::sidecar
