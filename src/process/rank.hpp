// Finds the game among the processes of a pod. A pure
// function of the facts in /proc.
//
//   rank | the name is …                                            | example, for "server.py"
//   -----+----------------------------------------------------------+---------------------------
//   1    | the whole command line                                   | server.py
//   2    | the comm, or the base name of the program                | /app/server.py --port 1
//   3    | the beginning of the command line, up to the end of an argument |
//   4    | another argument, or its base name                       | python3 /app/server.py
//   5    | the beginning of the command line                        | server.pyc
//   6    | a part of the command line                               | tail -f server.py.log
//
// Never: the sidecar and what it started, another okg-sidecar, a process of another pod or of the
// node, one that `kubectl exec` or a probe started, and what the criteria's user or container leave
// out. Of the others only the lowest rank counts, and of that rank:
//   1. not a process that only starts another match (tini, sh -c, screen, a script of its name);
//   2. not one with a terminal when another match has none (somebody's editor);
//   3. not one that has the name as an argument of its script when another match's
//      interpreter runs the name (a launcher or watcher that is given the script);
//   4. not one that does not handle the signal when another match does;
//   5. not one of which nobody knows who started it when that is known of another match;
//   6. not a descendant of another match (nginx's workers).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/setting.hpp"
#include "process/details.hpp"
#include "process/family.hpp"
#include "process/process_table.hpp"

namespace okg::process {

/// The process that an operator means.
/// `self` is the reader, which is in the table too.
struct Criteria {
  std::string name;
  int signal = 0;                        ///< 0: none is sent
  Setting<std::optional<uid_t>> user{};  ///< nothing: any
  /// A name of the pod's manifest, or the beginning of an id; empty: any.
  Setting<std::string> container{};
  pid_t self = 0;
};

struct Candidate {
  Process process;
  Details details;
  int rank = 0;      ///< 1 to 6, as above; 0: the name does not match, it is only near
  bool may = false;  ///< may be notified at all
  bool chosen = false;
  Origin origin = Origin::kContainer;
  std::string reason;     ///< why it was chosen or not: "an argument is its name"
  bool is_rival = false;  ///< left out for nothing but its origin
};

struct Ranking {
  /// The matches, best first; when there is none, the nearest titles, at most three.
  std::vector<Candidate> candidates;
  std::size_t visible = 0;  ///< processes in the table

  [[nodiscard]] std::vector<Candidate> chosen() const;
  [[nodiscard]] bool matches() const;  ///< something has that name, chosen or not
};

[[nodiscard]] Ranking rank(const std::vector<Observed>& table, const Criteria& criteria);

/// Chooses the processes of which more is read than their names.
enum class Depth {
  /// As many as rank() asks for.
  kCandidates,
  /// All.
  kAll,
};
/// The table of this moment.
[[nodiscard]] std::vector<Observed> observe(const Criteria& criteria, Depth depth,
                                            const std::filesystem::path& proc = "/proc");

/// A process of this table that shows that the reader sees more than its own
/// pod: with `hostPID`. Needs the details of all. Nothing outside of a pod.
[[nodiscard]] std::optional<Process> process_outside_of_the_pod(const std::vector<Observed>& table,
                                                                pid_t self);

}  // namespace okg::process
