#include "process/match.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "process/script.hpp"

namespace okg::process {
namespace {

constexpr std::array<std::string_view, 6> kMatches{
    "its command line is the name",
    "its program has the name",
    "its command line begins with the name",
    "one of its arguments is the name",
    "its command line begins with the name, in the middle of a word",
    "the name is only a part of its command line"};

/// An option or a URL is not what runs.
bool is_named(std::string_view argument, std::string_view name) {
  if (argument == name) return true;
  if (argument.starts_with('-') || argument.find("://") != std::string_view::npos) return false;
  return argument.substr(argument.rfind('/') + 1) == name;
}

}  // namespace

int match(const Process& process, std::string_view name) {
  const auto& line = process.command_line;
  if (name.empty()) return 0;
  if (line == name) return 1;
  if (process.comm == name || process.argv0_base == name) return 2;
  const bool begins = line.starts_with(name);
  if (begins && line[name.size()] == ' ') return 3;
  const auto& arguments = process.arguments;
  if (std::ranges::any_of(arguments, [&](auto& each) { return is_named(each, name); })) return 4;
  if (begins) return 5;
  return line.find(name) != std::string::npos ? 6 : 0;
}

bool runs_as_script(const Process& process, std::string_view name) {
  return is_named(script_of(process), name);
}

std::string_view meaning_of(int rank) { return kMatches.at(static_cast<std::size_t>(rank - 1)); }

}  // namespace okg::process
