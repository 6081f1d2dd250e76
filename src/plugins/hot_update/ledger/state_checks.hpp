// The limits of what a journal may make this program believe:
// nothing that this program could not have written.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"

namespace okg::hot_update {

/// Whether `name` is one that kept content has: the number of an
/// update, and of a target of it but the first ("12", "12.3").
[[nodiscard]] bool is_kept_name(std::string_view name);

/// At most 8 KiB without control characters: what
/// may go into a request's head, or into a log.
[[nodiscard]] bool is_short_text(std::string_view text);

/// The state that the lines of a journal tell of. Its checksums say that
/// lines are whole, not who wrote them. Errors: kInvalid, a path that leaves
/// the shared directory, a kept name that leaves kept/, a number beyond what
/// is ever counted, text with control characters or too much of it.
Result<void> check_state(const LedgerState& state);

}  // namespace okg::hot_update
