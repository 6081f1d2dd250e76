#include "plugins/hot_update/game/main_process.hpp"

#include <unistd.h>

#include "base/text.hpp"
#include "process/find.hpp"

namespace okg::hot_update {

MainProcess find_main_process(const SignalSettings& settings) {
  if (settings.process_name.empty()) return {};
  const auto table = process::read_process_table();
  return {process::find_main_processes(table, settings.process_name, ::getpid()), table.size()};
}

std::string describe(const process::Process& process) {
  const auto& title = process.command_line.empty() ? process.comm : process.command_line;
  return "process " + std::to_string(process.pid) + " (" + shortened(title, 80) + ")";
}

}  // namespace okg::hot_update
