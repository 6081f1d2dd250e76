#include "process/rank.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "process/similar.hpp"

namespace okg::process {
namespace {

constexpr std::size_t kNearest = 3;
constexpr std::size_t kMinIdDigits = 12;
constexpr std::array<std::string_view, 6> kMatches{
    "its command line is the name",
    "its program has the name",
    "its command line begins with the name",
    "one of its arguments is the name",
    "its command line begins with the name, in the middle of a word",
    "the name is only a part of its command line"};

/// An option or a URL is not what runs.
bool is_named(std::string_view argument, std::string_view name) {
  if (argument == name) return true;
  if (argument.starts_with('-') || argument.find("://") != std::string_view::npos) return false;
  return argument.substr(argument.rfind('/') + 1) == name;
}

int match(const Process& process, std::string_view name) {
  const auto& line = process.command_line;
  if (name.empty()) return 0;
  if (line == name) return 1;
  if (process.comm == name || process.argv0_base == name) return 2;
  const bool begins = line.starts_with(name);
  if (begins && line[name.size()] == ' ') return 3;
  const auto& arguments = process.arguments;
  if (std::any_of(arguments.begin(), arguments.end(),
                  [&](auto& each) { return is_named(each, name); }))
    return 4;
  if (begins) return 5;
  return line.find(name) != std::string::npos ? 6 : 0;
}

bool is_shell(const Process& process) {
  static const std::set<std::string_view> kShells{"sh", "bash", "dash", "ash", "busybox", "zsh"};
  return kShells.contains(process.argv0_base) && process.arguments.size() > 2 &&
         process.arguments[1].starts_with('-') && process.arguments[1].ends_with('c');
}

/// What it was asked to start is the other one.
bool starts(const Process& process, const Process& other) {
  if (is_shell(process)) return true;
  return process.command_line.size() > other.command_line.size() &&
         process.command_line.find(" " + other.command_line) != std::string::npos;
}

bool handles(const Candidate& candidate, int signal) {
  const auto disposition = disposition_of(candidate.details, signal);
  return disposition == Disposition::kCaught || disposition == Disposition::kBlocked;
}

/// Who started whom.
class Family {
 public:
  explicit Family(const std::vector<Observed>& table) : table_(table) {
    for (const auto& each : table) parents_[each.process.pid] = each.process.parent;
  }

  [[nodiscard]] bool descends(pid_t pid, pid_t ancestor) const {
    // The table is no snapshot: a pid that was reused while it was read could make a circle.
    for (std::size_t steps = 0; steps <= parents_.size(); ++steps) {
      if (pid == ancestor) return true;
      const auto parent = parents_.find(pid);
      if (parent == parents_.end()) return false;
      pid = parent->second;
    }
    return false;
  }

  /// Whether its container already ran when it, or what started it, was put there from outside:
  /// the first process of a container and those of `kubectl exec` have no parent in the pod.
  [[nodiscard]] bool is_put_there(pid_t pid) const {
    const auto* root = root_of(pid);
    if (root == nullptr || root->process.parent != 0 || !root->details.mount_namespace)
      return false;
    return std::any_of(table_.begin(), table_.end(), [&](const Observed& each) {
      return each.process.parent == 0 && each.process.pid != root->process.pid &&
             each.details.mount_namespace == root->details.mount_namespace &&
             std::pair(each.process.start_ticks, each.process.pid) <
                 std::pair(root->process.start_ticks, root->process.pid);
    });
  }

  [[nodiscard]] const Observed* find(pid_t pid) const {
    const auto found = std::find_if(table_.begin(), table_.end(),
                                    [&](const Observed& each) { return each.process.pid == pid; });
    return found == table_.end() ? nullptr : &*found;
  }

 private:
  [[nodiscard]] const Observed* root_of(pid_t pid) const {
    for (std::size_t steps = 0; steps <= parents_.size(); ++steps) {
      const auto parent = parents_.find(pid);
      if (parent == parents_.end() || !parents_.contains(parent->second)) return find(pid);
      pid = parent->second;
    }
    return nullptr;
  }

  const std::vector<Observed>& table_;
  std::map<pid_t, pid_t> parents_;
};

bool is_in(const Details& details, std::string_view container) {
  return details.container == container ||
         (container.size() >= kMinIdDigits && details.container_id.starts_with(container));
}

/// Why the process must not be notified whatever it is called; empty when it may.
std::string reason_against(const Observed& observed, const Criteria& criteria,
                           const Family& family) {
  const auto& [process, details] = observed;
  if (family.descends(process.pid, criteria.self)) return "it is the sidecar, or was started by it";
  const auto* self = family.find(criteria.self);
  if (process.comm == "okg-sidecar") return "it is an okg-sidecar";
  if (self != nullptr && place_of(details, self->details) == Place::kOtherPod)
    return "it belongs to another pod: with hostPID a sidecar sees the whole node; write "
           "shareProcessNamespace: true instead";
  if (self != nullptr && place_of(details, self->details) == Place::kNode)
    return "it belongs to the node: with hostPID a sidecar sees all of it; write "
           "shareProcessNamespace: true instead";
  if (family.is_put_there(process.pid))
    return "`kubectl exec` or a probe started it, beside its container's own processes";
  if (criteria.user && details.user != criteria.user)
    return "it runs as user " + (details.user ? std::to_string(*details.user) : "unknown") +
           ", not as signal.user " + std::to_string(*criteria.user);
  if (!criteria.container.empty() && !is_in(details, criteria.container))
    return details.container.empty() && details.container_id.empty()
               ? "nobody knows which container it is in, and signal.container is '" +
                     criteria.container + "'"
               : "it is in container '" +
                     (details.container.empty() ? details.container_id.substr(0, kMinIdDigits)
                                                : details.container) +
                     "', not in signal.container '" + criteria.container + "'";
  return {};
}

using Chosen = std::vector<Candidate*>;

/// Drops those that `is_worse` in favour of the others, if there are others.
template <class IsWorse, class Reason>
void drop(Chosen& chosen, IsWorse is_worse, Reason reason) {
  const auto better = std::stable_partition(
      chosen.begin(), chosen.end(), [&](const Candidate* each) { return !is_worse(*each); });
  if (better == chosen.begin()) return;
  std::for_each(better, chosen.end(), [&](Candidate* each) { each->reason = reason(*each); });
  chosen.erase(better, chosen.end());
}

std::string name_of(const Candidate& candidate) {
  return "process " + std::to_string(candidate.process.pid);
}

void choose_among(Chosen chosen, const Criteria& criteria, const Family& family) {
  if (chosen.empty()) return;
  const auto best = (*std::min_element(chosen.begin(), chosen.end(), [](auto* a, auto* b) {
                      return a->rank < b->rank;
                    }))->rank;
  drop(
      chosen, [&](auto& each) { return each.rank > best; },
      [&](auto& each) {
        return std::string(kMatches.at(static_cast<std::size_t>(each.rank - 1))) +
               ", and another process matches better";
      });
  const auto all = chosen;
  const auto started_by = [&](const Candidate& one) -> const Candidate* {
    for (const auto* each : all)
      if (each != &one && family.descends(each->process.pid, one.process.pid) &&
          starts(one.process, each->process))
        return each;
    return nullptr;
  };
  drop(
      chosen, [&](auto& each) { return started_by(each) != nullptr; },
      [&](auto& each) { return "it only starts " + name_of(*started_by(each)); });
  drop(
      chosen, [](auto& each) { return each.process.has_terminal; },
      [](auto&) { return "it has a terminal, and another match has none"; });
  if (criteria.signal > 0)
    drop(
        chosen, [&](auto& each) { return !handles(each, criteria.signal); },
        [](auto&) { return "it does not handle the signal, and another match does"; });
  const auto left = chosen;
  const auto parent_of = [&](const Candidate& one) -> const Candidate* {
    for (const auto* each : left)
      if (each != &one && family.descends(one.process.pid, each->process.pid)) return each;
    return nullptr;
  };
  drop(
      chosen, [&](auto& each) { return parent_of(each) != nullptr; },
      [&](auto& each) { return "it was started by " + name_of(*parent_of(each)); });
  for (auto* each : chosen) each->chosen = true;
}

std::vector<Candidate> nearest(const std::vector<Observed>& table, const Criteria& criteria,
                               const Family& family) {
  std::vector<std::pair<double, Candidate>> near;
  for (const auto& each : table) {
    if (!reason_against(each, criteria, family).empty()) continue;
    const auto likeness = std::max(similarity(criteria.name, each.process.command_line),
                                   similarity(criteria.name, each.process.comm));
    if (likeness < kSimilar) continue;
    near.push_back({likeness,
                    {each.process, each.details, 0, false, false,
                     "its title is near the name, and does not match"}});
  }
  std::stable_sort(near.begin(), near.end(), [](auto& a, auto& b) { return a.first > b.first; });
  near.resize(std::min(near.size(), kNearest));
  std::vector<Candidate> found;
  for (auto& each : near) found.push_back(std::move(each.second));
  return found;
}

}  // namespace

std::vector<Candidate> Ranking::chosen() const {
  std::vector<Candidate> some;
  for (const auto& each : candidates)
    if (each.chosen) some.push_back(each);
  std::sort(some.begin(), some.end(),
            [](auto& a, auto& b) { return a.process.pid < b.process.pid; });
  return some;
}

bool Ranking::matches() const {
  return std::any_of(candidates.begin(), candidates.end(),
                     [](auto& each) { return each.rank > 0; });
}

Ranking rank(const std::vector<Observed>& table, const Criteria& criteria) {
  const Family family(table);
  Ranking ranking;
  ranking.visible = table.size();
  for (const auto& each : table) {
    const auto rank = match(each.process, criteria.name);
    if (rank == 0) continue;
    auto reason = reason_against(each, criteria, family);
    const bool may = reason.empty();
    if (may) reason = kMatches.at(static_cast<std::size_t>(rank - 1));
    ranking.candidates.push_back({each.process, each.details, rank, may, false, std::move(reason)});
  }
  Chosen able;
  for (auto& each : ranking.candidates)
    if (each.may) able.push_back(&each);
  choose_among(std::move(able), criteria, family);
  std::stable_sort(ranking.candidates.begin(), ranking.candidates.end(), [](auto& a, auto& b) {
    return std::tuple(!a.chosen, !a.may, a.rank) < std::tuple(!b.chosen, !b.may, b.rank);
  });
  if (ranking.candidates.empty() && !criteria.name.empty())
    ranking.candidates = nearest(table, criteria, family);
  return ranking;
}

std::vector<Observed> observe(const Criteria& criteria, const std::filesystem::path& proc) {
  std::vector<Observed> table;
  bool is_named = false;
  for (auto& process : read_process_table(proc)) {
    const bool counts = match(process, criteria.name) > 0;
    is_named = is_named || counts;
    const bool asked = counts || process.parent == 0 || process.pid == criteria.self;
    auto details = asked ? read_details(process, proc) : Details{};
    table.push_back({std::move(process), std::move(details)});
  }
  // Without a match, every process may be one of the nearest.
  if (!is_named)
    for (auto& each : table) each.details = read_details(each.process, proc);
  return table;
}

std::optional<Process> process_outside_of_the_pod(const std::vector<Observed>& table, pid_t self) {
  const auto own = std::find_if(table.begin(), table.end(),
                                [&](const Observed& each) { return each.process.pid == self; });
  if (own == table.end() || own->details.pod.empty()) return std::nullopt;
  for (const auto& each : table) {
    const auto place = place_of(each.details, own->details);
    // The pod's own first process, where a process namespace is the pod's, is never the node's.
    if (place == Place::kOtherPod || (place == Place::kNode && each.process.pid == 1))
      return each.process;
  }
  return std::nullopt;
}

}  // namespace okg::process
