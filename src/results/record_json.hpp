// The JSON shapes in which results are kept, shared by all stores.
// Members that are not known here are ignored when reading.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "results/result_store.hpp"

namespace okg::results {

/// The size of one entry of any kind. A ConfigMap holds 1 MiB of them;
/// the file of the Local store has the URLs of all paths.
inline constexpr std::size_t kMaxEntryBytes = std::size_t{16} << 20U;

/// Path -> why what is stored for it is left out; "": all that stands at a key.
using Ignored = std::map<std::string, Error>;

/// Logs it as well. A second one of the same path is put to the first.
void ignore(Ignored& ignored, const std::string& path, const Error& why);

/// A pod's own entry:
/// {"version","result","message","url","path","sha256","updatedAt","id","workload","files":{PATH:{"version","url",
/// "sha256","scope","requestedAt"}}}. `workload`
/// is "NAMESPACE/KIND/NAME", left out when empty.
struct PodEntry {
  LastResult last;
  std::string workload;
  Entries files;
  Ignored ignored{};  ///< of what was read
};
[[nodiscard]] std::string format_pod_entry(const PodEntry& entry);
/// An entry of `files` is ignored when it cannot be
/// read, or was asked for later than kMaxClockSkew from now.
/// Errors: kInvalid when the text is not a JSON object, is longer
/// than kMaxEntryBytes, or nests deeper than kMaxJsonDepth.
[[nodiscard]] Result<PodEntry> parse_pod_entry(std::string_view text);

/// The pod's annotation: {"version","result","message","url","sha256","updatedAt","id"}.
[[nodiscard]] std::string format_annotation(const LastResult& last);

/// A workload's latest: {PATH:{"version","url","sha256","requestedAt"}}.
/// Reading is as forgiving as parse_pod_entry.
[[nodiscard]] Result<Entries> parse_latest(std::string_view text, Ignored& ignored);
/// Requests of the same content within this time are one rollout over many
/// pods. The first of them stands for all: otherwise each of a thousand
/// pods would have to move the latest once more, one after the other.
inline constexpr std::chrono::seconds kOneRollout{10};

/// `current` with every path moved forward to what `wanted` says,
/// or nothing when no path of it is newer by `requested_at`, or
/// is the same within kOneRollout. What it says of other paths
/// stays as it is, also where it cannot be read. A text that is
/// no JSON object is replaced. What was asked for later than
/// kMaxClockSkew from now neither moves it nor stands in the way.
[[nodiscard]] std::optional<std::string> advance_latest(std::string_view current,
                                                        const Entries& wanted);

struct ForgottenLatest {
  std::set<std::string> paths{};  ///< what is forgotten now and was not before
  std::string text{};             ///< the latest without them
};
/// Takes `path`, or all paths, out of the latest as of `at`.
/// Nothing that was asked for before that moves it again.
[[nodiscard]] ForgottenLatest forget_latest(std::string_view current,
                                            const std::optional<std::string>& path, Timestamp at);

}  // namespace okg::results
