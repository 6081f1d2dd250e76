// Answers as text for people.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "api/status.hpp"
#include "api/update_view.hpp"

namespace okg::client {

/// "fetch: 250 MiB of 500 MiB (50 %), 60 MiB/s, 4 s left", or where it waits.
[[nodiscard]] std::string progress_of(const api::UpdateView& view);
/// Progress is worth another line when this changes.
[[nodiscard]] std::string step_of(const api::UpdateView& view);
/// One line, and one more for each warning: "Succeeded: v2 of index.html, …".
[[nodiscard]] std::string result_of(const api::UpdateAnswer& answer);
/// One update, whatever its state.
[[nodiscard]] std::string text_of(const api::UpdateView& view);
inline constexpr std::size_t kMaxShownResults = 5;
/// The live, running and queued versions, and the last kMaxShownResults results; newest last.
[[nodiscard]] std::string text_of(const api::Status& status);

/// "4 s", "3 min 20 s", "2 h 5 min".
[[nodiscard]] std::string text_of(std::chrono::seconds duration);

}  // namespace okg::client
