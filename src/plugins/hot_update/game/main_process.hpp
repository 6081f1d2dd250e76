// The game's main process, as signal.processName describes it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plugins/hot_update/settings.hpp"
#include "process/process_table.hpp"

namespace okg::hot_update {

struct MainProcess {
  std::vector<process::Process>
      processes;            ///< mostly one; none when it is not there, or no processName is given
  std::size_t visible = 0;  ///< processes that this container sees at all
};

[[nodiscard]] MainProcess find_main_process(const SignalSettings& settings);

/// "process 7 (nginx: master process nginx)": its command line, or its name where that is blank.
[[nodiscard]] std::string describe(const process::Process& process);

}  // namespace okg::hot_update
