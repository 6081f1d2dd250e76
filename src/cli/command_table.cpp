#include "cli/command_table.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace okg::cli {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// "text|json", or "TEXT:{text,json}" as CLI::IsMember has it.
void take_value(std::string type, Flag& flag) {
  const auto open = type.find('{');
  if (open != std::string::npos && type.ends_with('}')) {
    flag.choices = split(type.substr(open + 1, type.size() - open - 2), ',');
    flag.value.clear();
    for (const auto& each : flag.choices) append_listed(flag.value, "|", each);
    return;
  }
  type = type.substr(0, type.find(':'));
  if (type.find('|') != std::string::npos) flag.choices = split(type, '|');
  flag.value = std::move(type);
}

Flag flag_of(const CLI::Option& option) {
  Flag flag;
  for (const auto& each : option.get_snames()) flag.names.push_back("-" + each);
  for (const auto& each : option.get_lnames()) flag.names.push_back("--" + each);
  flag.help = option.get_description();
  if (option.get_type_size() > 0) take_value(option.get_type_name(), flag);
  return flag;
}

CommandRow row_of(const CLI::App& app, std::string name) {
  CommandRow row{std::move(name), app.get_description(), app.get_footer(), {}, {}};
  for (const auto* option : app.get_options()) {
    if (option->nonpositional())
      row.flags.push_back(flag_of(*option));
    else
      row.positionals.push_back(
          {option->get_name(true), option->get_description(), option->get_required()});
  }
  return row;
}

}  // namespace

std::vector<CommandRow> table_of(const CLI::App& app) {
  std::vector<CommandRow> rows{row_of(app, "")};
  for (const auto* each : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!each->get_group().empty()) rows.push_back(row_of(*each, each->get_name()));
  return rows;
}

std::string synopsis_of(const CommandRow& row) {
  std::string line = "okg-sidecar";
  if (!row.name.empty()) line += " " + row.name;
  line += " [OPTIONS]";
  if (row.name.empty()) line += " [COMMAND]";
  for (const auto& each : row.positionals)
    line += each.is_required ? " " + each.name : " [" + each.name + "]";
  return line;
}

}  // namespace okg::cli
