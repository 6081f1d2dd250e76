#include "plugins/hot_update/main_process.hpp"

#include <unistd.h>

#include "process/find.hpp"

namespace okg::hot_update {

MainProcess find_main_process(const SignalSettings& settings) {
  if (settings.process_name.empty()) return {};
  const auto table = process::read_process_table();
  return {process::find_main_processes(table, settings.process_name, ::getpid()), table.size()};
}

std::string describe(const process::Process& process) {
  return "process " + std::to_string(process.pid) + " (" + process.command_line.substr(0, 80) + ")";
}

}  // namespace okg::hot_update
