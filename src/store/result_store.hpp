// Where results go and where a pod learns what it should run. See docs/architecture.md, "Results
// and latest".
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/timestamp.hpp"

namespace okg::store {

/// Whom an update is for: every pod of the workload, now and later, or this pod alone (a canary).
enum class Scope { kWorkload, kPod };
[[nodiscard]] std::string_view to_string(Scope scope);  ///< "workload", "pod"
[[nodiscard]] Result<Scope> parse_scope(std::string_view text);

/// What one file of a pod is, or should be.
struct FileEntry {
  std::string version;
  std::string url;               ///< empty for the content that pods come with, which has no source
  std::optional<Sha256> sha256;  ///< absent only in entries of the original sidecar
  Scope scope = Scope::kWorkload;
  Timestamp requested_at{};  ///< when the operator asked for it; newer wins
  bool operator==(const FileEntry&) const = default;
};

/// Path under the shared directory ("maps/1.json") -> what it is.
using Files = std::map<std::string, FileEntry>;

/// The outcome that operators see on the pod.
struct LastResult {
  std::string version;
  std::string result;  ///< Succeeded, Unchanged, Failed, RolledBack
  std::string message;
  std::string url;
  std::string path;
  std::string sha256;  ///< hex; empty when nothing was fetched
  Timestamp updated_at{};
};

/// All that one write leaves behind. Writing the same record twice changes nothing.
struct Record {
  LastResult last;
  Files files;   ///< everything that is live in this pod
  Files latest;  ///< what the workload's latest must not be older than; empty for failed updates
                 ///< and scope `pod`
};

/// What a starting pod should run.
struct Desired {
  Files own;     ///< this pod's own entries of scope `pod`
  Files latest;  ///< its workload's latest
  /// own entries first, then the workload's latest.
  [[nodiscard]] Files merged() const;
};

/// Thread-compatible: one thread writes, and reads happen before or on that same thread, unless an
/// implementation says more.
class ResultStore {
 public:
  virtual ~ResultStore() = default;
  /// One attempt, with the client's own short retries. Errors: transient ones are worth another try
  /// later; kForbidden and kNotFound name the missing permission or object and how to add it, and
  /// may also go away later.
  virtual Result<void> write(const Record& record, std::stop_token stop) = 0;
  virtual Result<Desired> read(std::stop_token stop) = 0;
  /// False when the power may take what was written: a start then writes the last result once more.
  [[nodiscard]] virtual bool is_durable() const { return true; }
};

}  // namespace okg::store
