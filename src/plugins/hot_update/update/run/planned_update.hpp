// The unit of work of the pipeline.
#pragma once

#include <optional>

#include "api/update_request.hpp"
#include "plugins/hot_update/ledger/entries.hpp"

namespace okg::hot_update {

/// One path to update, and where its content comes
/// from: kept content, or else the request's URL.
struct PlannedUpdate {
  api::UpdateRequest request;
  std::optional<KeptContent> kept{};
};

}  // namespace okg::hot_update
