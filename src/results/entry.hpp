// One path of a pod, as it is or should be: the vocabulary
// that results, requests and the ledger share.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "base/time/timestamp.hpp"
#include "results/tree_entry.hpp"

namespace okg::results {

/// The pods of an update: every pod of the workload,
/// now and later, or this pod alone (a canary).
enum class Scope { kWorkload, kPod };
[[nodiscard]] std::string_view to_string(Scope scope);  ///< "workload", "pod"
[[nodiscard]] Result<Scope> parse_scope(std::string_view text);

/// One path of a pod, as it is or should be: a file or a tree.
struct Entry {
  std::string version;
  std::string url;               ///< empty for the content that pods come with, which has no source
  std::optional<Sha256> sha256;  ///< absent only in entries of the original sidecar
  Scope scope = Scope::kWorkload;
  Timestamp requested_at{};  ///< when the operator asked for it; newer wins
  /// An image that has this content or newer: pods that run it
  /// restore nothing. As pods name it ("registry/game:v3"), or
  /// its digest ("sha256:…"); empty: none.
  std::string until = {};
  std::optional<TreeEntry> tree{};  ///< the path is a folder, and sha256 that of its archive
  /// A minisign signature without its untrusted comment; empty: there is none.
  /// It signs the bytes that sha256 is of.
  std::string signature{};
  bool operator==(const Entry&) const = default;
};

/// Clocks of pods and operators differ by less. A time further ahead
/// is a mistake, or an attack: nothing would be newer ever after.
inline constexpr std::chrono::minutes kMaxClockSkew{5};
[[nodiscard]] constexpr bool is_too_far_ahead(Timestamp time, Timestamp now) {
  return time > now + kMaxClockSkew;
}

/// True when `path` is below the folder `tree`, which may be kWholeDirectory.
[[nodiscard]] bool is_in_tree(const std::string& path, const std::string& tree);

/// Path under the shared directory ("maps/1.json") -> what is there.
using Entries = std::map<std::string, Entry>;

}  // namespace okg::results
