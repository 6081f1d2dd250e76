// What the ledger and the worker hold, as GET /hot-update shows it.
#pragma once

#include <optional>

#include "api/status.hpp"
#include "base/error.hpp"

namespace okg::hot_update {

class Ledger;
struct WorkStatus;

/// `record_error`: why the last attempt to write to the store failed.
[[nodiscard]] api::Status view_of(const Ledger& ledger, const WorkStatus& work,
                                  const std::optional<Error>& record_error);

}  // namespace okg::hot_update
