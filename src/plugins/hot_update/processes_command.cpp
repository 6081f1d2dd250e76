// okg-sidecar processes
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/text/print_error.hpp"
#include "base/text/visible.hpp"
#include "plugins/hot_update/game/candidate_list.hpp"
#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/plugin.hpp"
#include "sidecar/run.hpp"

namespace okg::hot_update {
namespace {

constexpr std::array<std::string_view, 1> kPlugins{"hot_update"};

void print(const SignalSettings& settings, ListFormat format) {
  const auto ranking = find_game(settings);
  if (format == ListFormat::kJson) {
    std::cout << visible_json(json_of(ranking, settings.signal)) << "\n";
    return;
  }
  std::cout << table_of(ranking, settings.signal);
  if (ranking.chosen().empty()) print_error(no_match(settings, ranking).message);
}

}  // namespace

int list_processes(const std::filesystem::path& config_file, ListFormat format) {
  config::Mistakes mistakes(config_file.string());
  if (const auto root = config::load_file(config_file, mistakes)) {
    const auto host = config::read_host_config(*root, kPlugins, mistakes);
    for (const auto& entry : host.plugins) {
      const auto settings = read_settings(entry, mistakes);
      if (mistakes.empty()) print(settings.signal, format);
    }
  }
  for (const auto& mistake : mistakes.list()) print_error(to_string(mistake));
  return mistakes.empty() ? 0 : sidecar::kExitBadConfiguration;
}

}  // namespace okg::hot_update
