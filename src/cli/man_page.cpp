#include "cli/man_page.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace okg::cli {
namespace {

/// Text of roff: no escape, no hyphen that is a dash, no line that is a request.
std::string roff(const std::string& text) {
  std::string safe;
  bool begins = true;
  for (const char each : text) {
    if (begins && (each == '.' || each == '\'')) safe += "\\&";
    begins = each == '\n';
    if (each == '\\')
      safe += "\\e";
    else if (each == '-')
      safe += "\\-";
    else
      safe += each;
  }
  return safe;
}

std::string names_of(const Flag& flag) {
  std::string names;
  for (const auto& each : flag.names) append_listed(names, ", ", "\\fB" + roff(each) + "\\fR");
  return flag.value.empty() ? names : names + " \\fI" + roff(flag.value) + "\\fR";
}

std::string entry(const std::string& head, const std::string& text) {
  return ".TP\n" + head + "\n" + roff(text) + "\n";
}

std::string entries_of(const CommandRow& row) {
  std::string page;
  for (const auto& each : row.positionals)
    page += entry("\\fI" + roff(each.name) + "\\fR", each.help);
  for (const auto& each : row.flags) page += entry(names_of(each), each.help);
  return page;
}

/// As it stands, line by line: examples, variables, exit status.
std::string verbatim(const std::string& text) {
  if (text.empty()) return "";
  return ".PP\n.nf\n" + roff(text) + (text.ends_with('\n') ? "" : "\n") + ".fi\n";
}

}  // namespace

std::string man_page(const std::vector<CommandRow>& table) {
  const auto& program = table.front();
  std::string page =
      ".\\\" Written by scripts/reference from the command line of the program.\n"
      ".TH OKG\\-SIDECAR 1 \"\" \"okg\\-sidecar\" \"User Commands\"\n"
      ".SH NAME\nokg\\-sidecar \\- " +
      roff(program.help) + "\n.SH SYNOPSIS\n";
  for (const auto& row : table) page += "\\fB" + roff(synopsis_of(row)) + "\\fR\n.br\n";
  page += ".SH OPTIONS\n" + entries_of(program) + verbatim(program.footer) + ".SH COMMANDS\n";
  for (auto row = table.begin() + 1; row != table.end(); ++row)
    page += ".SS " + roff(row->name) + "\n" + roff(row->help) + ".\n" + entries_of(*row) +
            verbatim(row->footer);
  return page;
}

}  // namespace okg::cli
