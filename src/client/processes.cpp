#include "client/processes.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "base/text/visible.hpp"
#include "client/columns.hpp"

namespace okg::client {
namespace {

constexpr std::size_t kMaxLineBytes = 60;
constexpr std::size_t kMaxContainerBytes = 15;

std::string or_dash(std::string_view text) { return std::string(text.empty() ? "-" : text); }

template <class Number>
std::string or_dash(const std::optional<Number>& number) {
  return number ? std::to_string(*number) : "-";
}

std::vector<std::string> row_of(const api::ListedProcess& process) {
  return {std::to_string(process.pid),
          or_dash(process.user),
          or_dash(shortened(process.container, kMaxContainerBytes)),
          or_dash(to_string(process.handling)),
          or_dash(process.rank),
          process.chosen ? "yes" : "no",
          or_dash(shortened(process.command_line, kMaxLineBytes)),
          process.reason};
}

}  // namespace

std::string table_of(const api::ProcessList& list) {
  Columns table({"PID", "USER", "CONTAINER", "HANDLES", "RANK", "CHOSEN", "COMMAND", "REASON"});
  for (const auto& each : list) table.add(row_of(each));
  return table.text();
}

std::string text_of(const api::ProcessList& list, Output output) {
  return output == Output::kJson ? visible_json(to_json(list)) + "\n" : table_of(list);
}

}  // namespace okg::client
