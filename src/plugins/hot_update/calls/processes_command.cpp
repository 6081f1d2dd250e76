#include "plugins/hot_update/calls/processes_command.hpp"

#include <array>
#include <string_view>

#include "base/text/print_error.hpp"
#include "plugins/hot_update/game/candidate_list.hpp"
#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "sidecar/run.hpp"

namespace okg::hot_update {
namespace {

constexpr std::array<std::string_view, 1> kPlugins{"hot_update"};

void list(const SignalSettings& settings, const ShowProcesses& show) {
  const auto ranking = find_game(settings);
  const bool is_nobody = ranking.chosen().empty();
  show(list_of(ranking, settings.signal), is_nobody ? no_match(settings, ranking).message : "");
}

}  // namespace

int list_processes(const std::filesystem::path& config_file, const ShowProcesses& show) {
  config::Mistakes mistakes(config_file.string());
  if (const auto root = config::load_file(config_file, mistakes)) {
    const auto host = config::read_host_config(*root, kPlugins, mistakes);
    for (const auto& entry : host.plugins) {
      const auto settings = read_settings(entry, mistakes);
      if (mistakes.empty()) list(settings.signal, show);
    }
  }
  for (const auto& mistake : mistakes.list()) print_error(to_string(mistake));
  return mistakes.empty() ? 0 : sidecar::kExitBadConfiguration;
}

}  // namespace okg::hot_update
