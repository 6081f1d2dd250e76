// Parents and children in one table of processes.
#pragma once

#include <sys/types.h>

#include <map>
#include <vector>

#include "process/details.hpp"
#include "process/process_table.hpp"

namespace okg::process {

/// The way a process came into its container.
enum class Origin {
  /// The container runs it, as far as anybody can see.
  kContainer,
  /// `kubectl exec` or a probe.
  kExec,
  /// Its parent has ended, so that the pod's first process is its
  /// parent: a daemon of the container's, or left behind by `kubectl exec`.
  kUnknown,
};

/// A process, and what is known of it at the same moment.
struct Observed {
  Process process;
  Details details;
};

class Family {
 public:
  /// The table outlives the family.
  explicit Family(const std::vector<Observed>& table);

  /// Every process descends from itself.
  [[nodiscard]] bool descends(pid_t pid, pid_t ancestor) const;
  /// An orphan is told by who leads its session, where that one still runs.
  [[nodiscard]] Origin origin_of(const Observed& observed) const;
  [[nodiscard]] const Observed* find(pid_t pid) const;

 private:
  /// True when its container already ran when it, or its parent,
  /// was put there from outside, as `kubectl exec` and probes do: like
  /// the first process of a container, that has no parent in the pod.
  [[nodiscard]] bool is_put_there(pid_t pid) const;
  [[nodiscard]] const Observed* root_of(pid_t pid) const;

  const std::vector<Observed>& table_;
  std::map<pid_t, pid_t> parents_;
};

}  // namespace okg::process
