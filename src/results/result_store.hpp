// Where results go and where a pod learns what it should
// run. See docs/architecture.md, "Results and latest".
#pragma once

#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "base/error.hpp"
#include "base/time/timestamp.hpp"
#include "results/entry.hpp"

namespace okg::results {

/// The outcome that operators see on the pod.
struct LastResult {
  std::string version;
  std::string result;  ///< Succeeded, Unchanged, Failed, RolledBack, Cancelled
  std::string message;
  std::string url;
  std::string path;
  std::string sha256;  ///< hex; empty when nothing was fetched
  Timestamp updated_at{};
  std::string reason{};  ///< of docs/errors.md; empty: it is well
  std::string caller{};  ///< who asked for it; empty: not known
  std::string id{};      ///< of the update; empty: an older release wrote it
};

/// All that one write leaves behind. Writing the same record twice changes nothing.
struct Record {
  LastResult last;
  Entries files;   ///< everything that is live in this pod
  Entries latest;  ///< what the workload's latest must not be older than; empty for failed updates
                   ///< and scope `pod`
  /// All that is new was ordered: see InKubeSettings::orders_on_pod_only.
  bool is_ordered = false;
  /// JSON for the pod's annotation of kObservedAnnotation;
  /// empty: it goes; absent: it stays.
  std::optional<std::string> observed{};
};

/// The entries that a starting pod should run.
struct Wanted {
  Entries own;                             ///< this pod's own entries of scope `pod`
  Entries latest;                          ///< its workload's latest
  std::map<std::string, Error> ignored{};  ///< path -> why what is stored for it is not used
  /// own entries first, then the workload's latest.
  [[nodiscard]] Entries merged() const;
};

/// Thread-compatible: one thread writes, and reads happen before
/// or on that same thread, unless an implementation says more.
class ResultStore {
 public:
  virtual ~ResultStore() = default;
  /// One attempt, with the client's own short retries. Errors: transient ones
  /// are worth another try later; kForbidden and kNotFound name the missing
  /// permission or object and how to add it, and may also go away later.
  virtual Result<void> write(const Record& record, std::stop_token stop) = 0;
  /// Writes Record::observed alone, where there
  /// is a pod to write it to. Errors: as write().
  virtual Result<void> observe(const std::string& observed, std::stop_token stop) = 0;
  virtual Result<Wanted> read(std::stop_token stop) = 0;
  /// Takes a path out of the workload's latest, or all of them, so
  /// that new pods keep what they came with; what was asked for before
  /// now does not bring it back. Returns the paths. Errors: kNotFound:
  /// the latest does not have it; kInvalid: this store has no latest.
  virtual Result<std::set<std::string>> forget(const std::optional<std::string>& path,
                                               std::stop_token stop) = 0;
  /// The sidecar stops. Takes what the store has of this pod alone out of
  /// it, where the pod is deleted and no other will have its name. Errors:
  /// as write(); what stays then is for an operator to delete.
  virtual Result<void> leave(std::stop_token) { return {}; }
  /// False when the power may take what was written:
  /// a start then writes the last result once more.
  [[nodiscard]] virtual bool is_durable() const { return true; }
};

}  // namespace okg::results
