#include "client/processes.hpp"

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "client/columns.hpp"

namespace okg::client {
namespace {

/// A text as it is, another value as JSON, nothing as "-".
std::string cell(const nlohmann::ordered_json& row, const char* key) {
  const auto found = row.is_object() ? row.find(key) : row.end();
  if (found == row.end() || found->is_null()) return "-";
  return found->is_string() ? found->get<std::string>() : to_text(*found);
}

}  // namespace

std::string table_of_processes(const nlohmann::ordered_json& list) {
  Columns table({"CHOSEN", "PID", "RANK", "USER", "CONTAINER", "SIGNAL", "COMMAND LINE", "REASON"});
  for (const auto& row : list)
    table.add({cell(row, "chosen") == "true" ? "*" : "", cell(row, "pid"), cell(row, "rank"),
               cell(row, "user"), cell(row, "container"), cell(row, "handlesSignal"),
               cell(row, "commandLine"), cell(row, "reason")});
  return table.text();
}

}  // namespace okg::client
