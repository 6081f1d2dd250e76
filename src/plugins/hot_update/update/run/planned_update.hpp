// The unit of work of the pipeline.
#pragma once

#include <cstdint>
#include <optional>

#include "api/update_request.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"
#include "plugins/hot_update/publish/replacement.hpp"

namespace okg::hot_update {

/// One path to update, and where its content comes
/// from: kept content, or else the request's URL.
struct PlannedUpdate {
  api::UpdateRequest request;
  std::optional<KeptContent> kept{};
};

/// The replacement that update number `seq` is to the publisher.
[[nodiscard]] Replacement replacement_for(const PlannedUpdate& planned, std::uint64_t seq,
                                          const LedgerState& state);

}  // namespace okg::hot_update
