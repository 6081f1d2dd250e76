// Whom an update would notify, as a table for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace okg::client {

/// `list`: what GET /hot-update/processes answers.
[[nodiscard]] std::string table_of_processes(const nlohmann::ordered_json& list);

}  // namespace okg::client
