// How one update ended: result, last stage, times, and what the operator is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/timestamp.hpp"
#include "base/warning.hpp"

namespace okg::hot_update {

enum class OutcomeKind { kSucceeded, kUnchanged, kFailed, kRolledBack };
[[nodiscard]] std::string_view to_string(OutcomeKind kind);

struct StageTime {
  std::string stage;
  std::chrono::milliseconds duration{0};
};

/// How one update ended.
struct Outcome {
  std::uint64_t seq = 0;
  OutcomeKind kind = OutcomeKind::kFailed;
  std::string
      stage;  ///< the last stage entered: request, fetch, verify, publish, trigger, confirm, record
  std::string message;
  std::string version;
  std::string url;
  std::string path;
  std::string sha256;  ///< hex; empty when nothing was fetched
  std::uint64_t bytes = 0;
  Timestamp requested_at{};
  Timestamp finished_at{};
  std::chrono::milliseconds duration{0};
  Warnings warnings{};                     ///< of what succeeded all the same
  std::vector<StageTime> stages{};         ///< in the order in which they were entered
  ErrorCode error = ErrorCode::kInternal;  ///< why it failed; meaningless when it did not
};

}  // namespace okg::hot_update
