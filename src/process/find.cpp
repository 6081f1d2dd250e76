#include "process/find.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace okg::process {
namespace {

/// 0 is the strictest kind of match.
std::optional<int> rank_of(const Process& process, std::string_view name) {
  if (process.command_line == name) return 0;
  if (process.comm == name || process.argv0_base == name) return 1;
  if (process.command_line.starts_with(name)) return 2;
  if (process.command_line.find(name) != std::string::npos) return 3;
  return std::nullopt;
}

bool descends_from(const std::map<pid_t, pid_t>& parents, pid_t pid, pid_t ancestor) {
  // The table is no snapshot: a pid that was reused while it was read could make a circle.
  for (std::size_t steps = 0; steps <= parents.size(); ++steps) {
    if (pid == ancestor) return true;
    const auto parent = parents.find(pid);
    if (parent == parents.end()) return false;
    pid = parent->second;
  }
  return false;
}

}  // namespace

std::vector<Process> find_main_processes(const std::vector<Process>& table, std::string_view name,
                                         pid_t self) {
  if (name.empty()) return {};
  std::map<pid_t, pid_t> parents;
  for (const auto& process : table) parents[process.pid] = process.parent;

  std::vector<Process> matches;
  std::optional<int> strictest;
  for (const auto& process : table) {
    const auto rank = rank_of(process, name);
    if (!rank || (strictest && *rank > *strictest) || descends_from(parents, process.pid, self))
      continue;
    if (!strictest || *rank < *strictest) matches.clear();
    strictest = rank;
    matches.push_back(process);
  }
  std::set<pid_t> pids;
  for (const auto& match : matches) pids.insert(match.pid);
  std::erase_if(matches, [&](const Process& match) { return pids.contains(match.parent); });
  std::sort(matches.begin(), matches.end(),
            [](const Process& a, const Process& b) { return a.pid < b.pid; });
  return matches;
}

}  // namespace okg::process
