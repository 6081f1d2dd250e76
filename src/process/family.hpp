// Who started whom, in one table of processes.
#pragma once

#include <sys/types.h>

#include <map>
#include <vector>

#include "process/details.hpp"
#include "process/process_table.hpp"

namespace okg::process {

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
  /// Whether its container already ran when it, or what started it,
  /// was put there from outside, as `kubectl exec` and probes do: like
  /// the first process of a container, that has no parent in the pod.
  [[nodiscard]] bool is_put_there(pid_t pid) const;
  [[nodiscard]] const Observed* find(pid_t pid) const;

 private:
  [[nodiscard]] const Observed* root_of(pid_t pid) const;

  const std::vector<Observed>& table_;
  std::map<pid_t, pid_t> parents_;
};

}  // namespace okg::process
