// /proc: a process may call itself anything. The input is its stat, cmdline and status, divided by
// newlines of 0xff.
#include <string>

#include "fuzz.hpp"
#include "process/details.hpp"
#include "process/mounts.hpp"
#include "process/process_table.hpp"
#include "process/rank.hpp"
#include "process/signal.hpp"

namespace okg::process {
namespace {

using fuzz::require;

const fuzz::ScratchFolder& proc() {
  static const fuzz::ScratchFolder scratch;
  std::filesystem::create_directory(scratch.path() / "7");
  return scratch;
}

void check_process(std::string_view stat, std::string_view cmdline, std::string_view status) {
  const auto& folder = proc();
  folder.write("7/stat", stat);
  folder.write("7/cmdline", cmdline);
  folder.write("7/status", status);
  folder.write("7/cgroup", status);
  folder.write("7/mountinfo", status);
  Criteria criteria;
  criteria.signal = 1;
  const auto table = observe(criteria, Depth::kAll, folder.path());
  const auto process = read_process(7, folder.path());
  require(table.size() <= 1 && (table.empty() || process), "a process of the table can be read");
  (void)single_file_mounts(parse_mounts(status), parse_mounts(status), "/shared");
  if (table.empty()) return;
  require(process->pid == 7 && process->comm.size() <= stat.size(), "its name is part of its stat");
  require(process->command_line.size() <= cmdline.size() && !process->command_line.ends_with(' '),
          "its command line ends well");
  require(process->command_line.find('\0') == std::string::npos,
          "its command line is joined by spaces");
  // Its title may be blank, its name empty.
  criteria.name = process->command_line.empty() ? process->comm : process->command_line;
  if (process->parent == 7 || criteria.name.empty() || process->comm == "okg-sidecar") return;
  criteria.self = 1;
  require(rank(table, criteria).chosen().size() == (process->parent == 1 ? 0 : 1),
          "it is found by its whole command line, or without one by its name, unless it is our own "
          "child");
  criteria.self = 7;
  require(rank(table, criteria).chosen().empty(), "nobody finds itself");
}

void check_signal(std::string_view name) {
  const auto number = parse_signal(name);
  if (!number)
    return require(number.error().code == ErrorCode::kInvalid, "what is no signal is invalid");
  require(*number >= 1 && *number <= 64, "signals have the numbers 1 to 64");
  const auto again = parse_signal(signal_name(*number));
  require(!signal_name(*number).starts_with("SIG") || (again && *again == *number),
          "a signal's own name means it");
}

}  // namespace
}  // namespace okg::process

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = okg::fuzz::text_of(data, size);
  okg::process::check_signal(text.substr(0, 64));
  const auto stat = okg::fuzz::take_until(text, '\xff');
  const auto cmdline = okg::fuzz::take_until(text, '\xff');
  okg::process::check_process(stat, cmdline, text);
  return 0;
}
