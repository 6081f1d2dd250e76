// How one update ended: result, last stage, times, and what the operator is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time/timestamp.hpp"
#include "base/warning.hpp"
#include "plugins/hot_update/ledger/stage.hpp"

namespace okg::hot_update {

enum class OutcomeKind {
  kSucceeded,   ///< The content is live, and the game was notified.
  kUnchanged,   ///< The content was live already.
  kFailed,      ///< The old content is live, or the revert to it is tried until it works.
  kRolledBack,  ///< The game was not healthy on the content: the old content is live again.
  kCancelled,   ///< Somebody cancelled it before the content went live.
};
[[nodiscard]] std::string_view to_string(OutcomeKind kind);
/// Nothing for a word that is no kind.
[[nodiscard]] std::optional<OutcomeKind> parse_outcome_kind(std::string_view word);

struct StageTime {
  Stage stage = Stage::kRequest;
  std::chrono::milliseconds duration{0};
};

/// How one update ended; while it is in progress, what is known of it so far.
struct Outcome {
  std::uint64_t seq = 0;
  std::string id;  ///< as callers name it
  OutcomeKind kind = OutcomeKind::kFailed;
  Stage stage = Stage::kRequest;  ///< the last one entered
  std::string message;
  std::string version;
  std::string url;
  std::string path;
  std::string sha256;  ///< hex; empty when nothing was fetched
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> files{};  ///< of a tree
  std::string exchanged{};  ///< of a tree that went live, how: see Committed::exchanged
  std::string caller{};     ///< who asked for it; empty: not known
  Timestamp requested_at{};
  Timestamp finished_at{};
  std::chrono::milliseconds duration{0};
  Warnings warnings{};              ///< of what succeeded all the same
  std::vector<StageTime> stages{};  ///< in the order in which they were entered
  std::string idempotency_key;      ///< of the request; empty: it had none
  std::string request_digest;       ///< of a request with a key: see api::digest_of
  std::optional<ErrorCode> error;   ///< of kFailed, kRolledBack and kCancelled: why
  Reason reason = Reason::kNone;    ///< the same for whoever reads it; kNone: an older release
};

}  // namespace okg::hot_update
