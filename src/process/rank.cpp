#include "process/rank.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "process/family.hpp"
#include "process/match.hpp"
#include "process/similar.hpp"

namespace okg::process {
namespace {

constexpr std::size_t kMaxNearest = 3;
constexpr int kRankOfArgument = 4;
constexpr std::size_t kMinIdDigits = 12;

bool is_shell(const Process& process) {
  static const std::set<std::string_view> kShells{"sh", "bash", "dash", "ash", "busybox", "zsh"};
  return kShells.contains(process.argv0_base) && process.arguments.size() > 2 &&
         process.arguments[1].starts_with('-') && process.arguments[1].ends_with('c');
}

/// True when its arguments ask it to start the other one.
bool starts(const Process& process, const Process& other) {
  if (is_shell(process)) return true;
  return process.command_line.size() > other.command_line.size() &&
         process.command_line.find(" " + other.command_line) != std::string::npos;
}

/// A script called like the program that it starts: /app/game, with /app/bin/game below it.
bool wraps(const Process& process, const Process& other, std::string_view name) {
  return runs_as_script(process, name) && other.argv0_base == name;
}

bool handles(const Candidate& candidate, int signal) {
  const auto disposition = disposition_of(candidate.details, signal);
  return disposition == Disposition::kCaught || disposition == Disposition::kBlocked;
}

bool is_in(const Details& details, std::string_view container) {
  return details.container == container ||
         (container.size() >= kMinIdDigits && details.container_id.starts_with(container));
}

std::string reason_of_place(Place place) {
  static constexpr std::string_view kCure =
      ": with hostPID a sidecar sees the whole node; write shareProcessNamespace: true instead";
  if (place == Place::kOtherPod) return "it belongs to another pod" + std::string(kCure);
  if (place == Place::kNode) return "it belongs to the node" + std::string(kCure);
  return {};
}

std::string reason_of_container(const Details& details, const Setting<std::string>& asked) {
  if (asked.value.empty() || is_in(details, asked.value)) return {};
  const auto wanted = concat(asked.key, " '", asked.value, "'");
  const auto name =
      details.container.empty() ? details.container_id.substr(0, kMinIdDigits) : details.container;
  if (name.empty()) return "nobody knows which container it is in, to compare it with " + wanted;
  return "it is in container '" + name + "', not in " + wanted;
}

/// Why the process must not be notified whatever it is called; empty when it may.
std::string reason_against(const Observed& observed, const Criteria& criteria,
                           const Family& family) {
  const auto& [process, details] = observed;
  if (family.descends(process.pid, criteria.self)) return "it is the sidecar, or was started by it";
  if (process.comm == "okg-sidecar") return "it is an okg-sidecar";
  if (const auto* self = family.find(criteria.self); self != nullptr)
    if (auto reason = reason_of_place(place_of(details, self->details)); !reason.empty())
      return reason;
  if (family.origin_of(observed) == Origin::kExec)
    return "`kubectl exec` or a probe started it, beside its container's own processes";
  const auto& user = criteria.user;
  if (user.value && details.user != user.value)
    return concat("it runs as user ", details.user ? std::to_string(*details.user) : "unknown",
                  ", not as ", user.key, " ", std::to_string(*user.value));
  return reason_of_container(details, criteria.container);
}

constexpr std::string_view kOrphan =
    "who started it has ended, so that it may be what `kubectl exec` left behind";

constexpr std::string_view kStopped = "it is stopped, and hears nothing until SIGCONT";

std::string name_of(const Candidate& candidate) {
  return "process " + std::to_string(candidate.process.pid);
}

/// The remaining candidates, while one rule after the other drops some.
class Choice {
 public:
  Choice(std::vector<Candidate*> left, const Family& family)
      : left_(std::move(left)), family_(family) {}

  void keep_the_best_rank() {
    int best = 6;
    for (const auto* each : left_) best = std::min(best, each->rank);
    drop([&](auto& each) { return each.rank > best; },
         [](auto& each) {
           return std::string(meaning_of(each.rank)) + ", and another process matches better";
         });
  }

  void drop_what_runs_another_script(std::string_view name) {
    drop(
        [&](auto& each) {
          return each.rank == kRankOfArgument && !runs_as_script(each.process, name);
        },
        [](auto&) {
          return std::string("the name is an argument, and another match runs it as its script");
        });
  }

  void drop_what_only_starts_another(std::string_view name) {
    drop_for(
        [&](const Candidate& one, const Candidate& other) {
          return family_.descends(other.process.pid, one.process.pid) &&
                 (starts(one.process, other.process) || wraps(one.process, other.process, name));
        },
        "it only starts ");
  }

  void drop_terminals() {
    drop([](auto& each) { return each.process.has_terminal; },
         [](auto&) { return std::string("it has a terminal, and another match has none"); });
  }

  void drop_what_does_not_handle(int signal) {
    drop(
        [&](auto& each) { return !handles(each, signal); },
        [](auto&) { return std::string("it does not handle the signal, and another match does"); });
  }

  void drop_orphans() {
    drop([](auto& each) { return each.origin == Origin::kUnknown; },
         [](auto& each) {
           each.is_rival = true;
           return std::string(kOrphan) + "; another match is known to be the container's own";
         });
  }

  void drop_descendants() {
    drop_for(
        [&](const Candidate& one, const Candidate& other) {
          return family_.descends(one.process.pid, other.process.pid);
        },
        "it was started by ");
  }

  void choose() {
    for (auto* each : left_) {
      each->chosen = true;
      if (each->origin == Origin::kUnknown) append_listed(each->reason, "; ", kOrphan);
      if (each->process.is_stopped) append_listed(each->reason, "; ", kStopped);
    }
  }

 private:
  /// Nobody is dropped when nobody would be left.
  template <class IsWorse, class Reason>
  void drop(IsWorse is_worse, Reason reason) {
    const auto worse = std::stable_partition(
        left_.begin(), left_.end(), [&](const Candidate* each) { return !is_worse(*each); });
    if (worse == left_.begin()) return;
    std::for_each(worse, left_.end(), [&](Candidate* each) { each->reason = reason(*each); });
    left_.erase(worse, left_.end());
  }

  /// Drops one for another that makes it worse, and names that other.
  template <class IsWorse>
  void drop_for(IsWorse is_worse, std::string_view reason) {
    const auto all = left_;
    const auto better_than = [&](const Candidate& one) {
      return std::ranges::find_if(
          all, [&](const Candidate* each) { return each != &one && is_worse(one, *each); });
    };
    drop([&](auto& one) { return better_than(one) != all.end(); },
         [&](auto& one) { return std::string(reason) + name_of(**better_than(one)); });
  }

  std::vector<Candidate*> left_;
  const Family& family_;
};

void choose_among(std::vector<Candidate*> able, const Criteria& criteria, const Family& family) {
  Choice choice(std::move(able), family);
  choice.keep_the_best_rank();
  choice.drop_what_only_starts_another(criteria.name);
  choice.drop_terminals();
  choice.drop_what_runs_another_script(criteria.name);
  if (criteria.signal > 0) choice.drop_what_does_not_handle(criteria.signal);
  choice.drop_orphans();
  choice.drop_descendants();
  choice.choose();
}

/// Compares with a script as well, whatever path it has.
double likeness(const Process& process, std::string_view name) {
  auto most = std::max(similarity(name, process.command_line), similarity(name, process.comm));
  for (const std::string_view each : process.arguments)
    if (!each.starts_with('-'))
      most = std::max(most, similarity(name, each.substr(each.rfind('/') + 1)));
  return most;
}

std::vector<Candidate> nearest(const std::vector<Observed>& table, const Criteria& criteria,
                               const Family& family) {
  std::vector<std::pair<double, Candidate>> near;
  for (const auto& each : table) {
    const auto how_near = likeness(each.process, criteria.name);
    if (how_near < kSimilar || !reason_against(each, criteria, family).empty()) continue;
    near.push_back({how_near,
                    {each.process, each.details, 0, false, false, family.origin_of(each),
                     "its title is near the name, and does not match"}});
  }
  std::ranges::stable_sort(near, [](auto& a, auto& b) { return a.first > b.first; });
  near.resize(std::min(near.size(), kMaxNearest));
  std::vector<Candidate> found;
  found.reserve(near.size());
  for (auto& each : near) found.push_back(std::move(each.second));
  return found;
}

}  // namespace

std::vector<Candidate> Ranking::chosen() const {
  std::vector<Candidate> some;
  for (const auto& each : candidates)
    if (each.chosen) some.push_back(each);
  std::ranges::sort(some, [](auto& a, auto& b) { return a.process.pid < b.process.pid; });
  return some;
}

bool Ranking::matches() const {
  return std::ranges::any_of(candidates, [](auto& each) { return each.rank > 0; });
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
    if (may) reason = meaning_of(rank);
    ranking.candidates.push_back(
        {each.process, each.details, rank, may, false, family.origin_of(each), std::move(reason)});
  }
  std::vector<Candidate*> able;
  for (auto& each : ranking.candidates)
    if (each.may) able.push_back(&each);
  choose_among(std::move(able), criteria, family);
  std::ranges::stable_sort(ranking.candidates, [](auto& a, auto& b) {
    return std::tuple(!a.chosen, !a.may, a.rank) < std::tuple(!b.chosen, !b.may, b.rank);
  });
  if (ranking.candidates.empty() && !criteria.name.empty())
    ranking.candidates = nearest(table, criteria, family);
  return ranking;
}

std::vector<Observed> observe(const Criteria& criteria, Depth depth,
                              const std::filesystem::path& proc) {
  auto processes = read_process_table(proc);
  const bool is_named = std::ranges::any_of(
      processes, [&](const Process& each) { return match(each, criteria.name) > 0; });
  const auto counts = [&](const Process& each) {
    return is_named ? match(each, criteria.name) > 0 : likeness(each, criteria.name) >= kSimilar;
  };
  std::vector<Observed> table;
  for (auto& each : processes) {
    const bool asked =
        depth == Depth::kAll || each.parent == 0 || each.pid == criteria.self || counts(each);
    auto details = asked ? read_details(each, proc) : Details{};
    table.push_back({std::move(each), std::move(details)});
  }
  return table;
}

std::optional<Process> process_outside_of_the_pod(const std::vector<Observed>& table, pid_t self) {
  const auto own =
      std::ranges::find_if(table, [&](const Observed& each) { return each.process.pid == self; });
  if (own == table.end() || own->details.pod.empty()) return std::nullopt;
  for (const auto& each : table) {
    const auto place = place_of(each.details, own->details);
    // The pod's own first process, where a process
    // namespace is the pod's, is never the node's.
    if (place == Place::kOtherPod || (place == Place::kNode && each.process.pid == 1))
      return each.process;
  }
  return std::nullopt;
}

}  // namespace okg::process
