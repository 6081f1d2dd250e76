#include "cli/usage.hpp"

#include <string_view>

#include "base/text/closest.hpp"

namespace okg::cli {
namespace {

const CommandRow* find(const std::vector<CommandRow>& table, const std::string& name) {
  for (const auto& row : table)
    if (row.name == name) return &row;
  return nullptr;
}

std::vector<std::string_view> flags_of(const CommandRow& row) {
  std::vector<std::string_view> names;
  for (const auto& flag : row.flags)
    for (const auto& name : flag.names) names.emplace_back(name);
  return names;
}

std::vector<std::string_view> commands_of(const std::vector<CommandRow>& table) {
  std::vector<std::string_view> names;
  for (const auto& row : table)
    if (!row.name.empty()) names.emplace_back(row.name);
  return names;
}

std::string list_of(std::string_view what, const std::vector<std::string_view>& names) {
  std::string text(what);
  for (const auto& each : names) text += " " + std::string(each);
  return text + "\n";
}

}  // namespace

std::string words_of_unknown(const CLI::App& app) {
  const auto table = table_of(app);
  const auto parsed = app.get_subcommands();
  const auto name = parsed.empty() ? std::string() : parsed.front()->get_name();
  const auto* row = find(table, name);
  const auto rest = app.remaining(true);
  if (row == nullptr || rest.empty()) return "";
  const auto word = rest.front().substr(0, rest.front().find('='));
  const bool is_flag = word.starts_with('-');
  const auto known = is_flag || !name.empty() ? flags_of(*row) : commands_of(table);
  auto text = "okg-sidecar" + (name.empty() ? "" : " " + name) + ": unknown " +
              (is_flag        ? "flag "
               : name.empty() ? "command "
                              : "argument ") +
              word + did_you_mean(word, known) + "\n";
  if (is_flag || name.empty()) text += list_of(is_flag ? "There are:" : "The commands are:", known);
  return text + "See " + (name.empty() ? "okg-sidecar" : "okg-sidecar " + name) + " --help.\n";
}

}  // namespace okg::cli
