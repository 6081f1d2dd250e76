// GET /hot-update: a view of the ledger and the worker.
#pragma once

#include <optional>

#include "api/progress.hpp"
#include "api/status.hpp"
#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/stage.hpp"

namespace okg::hot_update {

class Ledger;
struct Outcome;
struct WorkStatus;

/// `stage` is empty for one that is queued.
[[nodiscard]] api::OpenUpdate view_of(const api::UpdateRequest& request, std::string stage);
[[nodiscard]] api::EndedUpdate view_of(const Outcome& outcome, bool is_recorded);

/// `progress` as people mean it. Files of a download have come when all of
/// them have; an archive has the files that it is unpacked to.
[[nodiscard]] api::Progress shown_progress(const api::UpdateRequest& request, Stage stage,
                                           api::Progress progress);

/// `progress` is that of the update in progress. `record_error`: why
/// the last attempt to write to the store failed.
[[nodiscard]] api::Status view_of(const Ledger& ledger, const WorkStatus& work,
                                  const api::Progress& progress,
                                  const std::optional<Error>& record_error);

}  // namespace okg::hot_update
