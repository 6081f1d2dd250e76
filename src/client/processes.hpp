// The processes that an update would notify, as `processes` prints them.
#pragma once

#include <string>

#include "api/process_list.hpp"
#include "client/options.hpp"

namespace okg::client {

/// A table for people, a line for each process.
[[nodiscard]] std::string table_of(const api::ProcessList& list);
/// The table, or what GET /hot-update/processes answers.
[[nodiscard]] std::string text_of(const api::ProcessList& list, Output output);

}  // namespace okg::client
