// The command line as a table: help, man page and completion are written from what CLI::App
// was told, so that none of them can lack a command or a flag.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace okg::cli {

struct Flag {
  std::vector<std::string> names;  ///< "-o", "--output"
  std::string value;               ///< "FILE", "a|b"; empty: it takes none
  std::string help;
  std::vector<std::string> choices;  ///< of the value; empty: anything
  [[nodiscard]] bool is_file() const { return value == "FILE"; }
};

struct Positional {
  std::string name;
  std::string help;
  bool is_required = false;
};

struct CommandRow {
  std::string name;  ///< empty: the program itself
  std::string help;
  std::string footer;  ///< examples, variables, exit status
  std::vector<Positional> positionals;
  std::vector<Flag> flags;
};

/// The program, then its commands in their order; without those that are for our scripts.
[[nodiscard]] std::vector<CommandRow> table_of(const CLI::App& app);

/// "okg-sidecar update [OPTIONS] VERSION URL"
[[nodiscard]] std::string synopsis_of(const CommandRow& row);

}  // namespace okg::cli
