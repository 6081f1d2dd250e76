// What the ledger and the worker hold, as GET /hot-update shows it.
#pragma once

#include <optional>

#include "api/status.hpp"
#include "api/update_request.hpp"
#include "base/error.hpp"

namespace okg::hot_update {

class Ledger;
struct Outcome;
struct WorkStatus;

/// `stage` is empty for one that is queued.
[[nodiscard]] api::OpenUpdate view_of(const api::UpdateRequest& request, std::string stage);
[[nodiscard]] api::EndedUpdate view_of(const Outcome& outcome, bool is_recorded);

/// `record_error`: why the last attempt to write to the store failed.
[[nodiscard]] api::Status view_of(const Ledger& ledger, const WorkStatus& work,
                                  const std::optional<Error>& record_error);

}  // namespace okg::hot_update
