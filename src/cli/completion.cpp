#include "cli/completion.hpp"

namespace okg::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const auto& each : words) text += (text.empty() ? "" : between) + each;
  return text;
}

std::string words_of_commands(const std::vector<CommandRow>& table) {
  std::vector<std::string> names;
  for (const auto& row : table)
    if (!row.name.empty()) names.push_back(row.name);
  return joined(names, " ");
}

std::string words_of_flags(const CommandRow& row) {
  std::vector<std::string> names;
  for (const auto& flag : row.flags) names.push_back(joined(flag.names, " "));
  return joined(names, " ");
}

/// In single quotes, for every shell of the three.
std::string single_quoted(const std::string& text) {
  std::string safe = "'";
  for (const char each : text) safe += each == '\'' ? std::string("’") : std::string(1, each);
  return safe + "'";
}

/// "'update --format') words='file archive' ;;", one line for each flag with a value.
std::string bash_values(const CommandRow& row) {
  std::string lines;
  for (const auto& flag : row.flags) {
    if (flag.value.empty()) continue;
    for (const auto& name : flag.names) {
      lines += "    '" + row.name + " " + name + "') ";
      lines += flag.is_file() ? "compopt -o default; return ;;\n"
                              : "words='" + joined(flag.choices, " ") + "' ;;\n";
    }
  }
  return lines;
}

std::string bash(const std::vector<CommandRow>& table) {
  const auto commands = words_of_commands(table);
  std::string script =
      "# bash completion of okg-sidecar\n"
      "_okg_sidecar() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local command='' word words=''\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \" " +
      commands +
      " \" in *\" $word \"*) command=$word; break ;; esac\n"
      "  done\n"
      "  COMPREPLY=()\n"
      "  case \"$command $previous\" in\n";
  for (const auto& row : table) script += bash_values(row);
  script += "    *)\n      case $command in\n";
  for (const auto& row : table)
    script += "      '" + row.name + "') words='" + (row.name.empty() ? commands + " " : "") +
              words_of_flags(row) + "' ;;\n";
  return script +
         "      esac\n"
         "      ;;\n"
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -F _okg_sidecar okg-sidecar\n";
}

/// A text of _arguments: escapes the characters that would end a part of it.
std::string zsh_text(const std::string& text) {
  std::string safe;
  for (const char each : text) {
    if (each == ':' || each == '[' || each == ']' || each == '\\') safe += '\\';
    safe += each;
  }
  return safe;
}

std::string zsh_arguments(const CommandRow& row) {
  std::string text;
  for (const auto& flag : row.flags)
    for (const auto& name : flag.names) {
      auto argument = name + "[" + zsh_text(flag.help) + "]";
      if (flag.is_file())
        argument += ":file:_files";
      else if (!flag.value.empty())
        argument += ":" + zsh_text(flag.value) + ":(" + joined(flag.choices, " ") + ")";
      text += " \\\n      " + single_quoted(argument);
    }
  return text;
}

std::string zsh(const std::vector<CommandRow>& table) {
  std::string script =
      "#compdef okg-sidecar\n"
      "_okg_sidecar() {\n"
      "  local context state line\n"
      "  typeset -A opt_args\n"
      "  _arguments -C '1:command:->command' '*::argument:->argument'" +
      zsh_arguments(table.front()) +
      "\n"
      "  case $state in\n"
      "  command)\n"
      "    local -a commands=(\n";
  for (const auto& row : table)
    if (!row.name.empty())
      script += "      " + single_quoted(row.name + ":" + zsh_text(row.help)) + "\n";
  script += "    )\n    _describe command commands ;;\n  argument)\n    case $line[1] in\n";
  for (const auto& row : table)
    if (!row.name.empty())
      script +=
          "    " + row.name + ") _arguments '*:argument:_files'" + zsh_arguments(row) + " ;;\n";
  return script +
         "    esac ;;\n"
         "  esac\n"
         "}\n"
         "if [ \"$funcstack[1]\" = _okg_sidecar ]; then _okg_sidecar \"$@\"; "
         "else compdef _okg_sidecar okg-sidecar; fi\n";
}

std::string fish_flag(const std::string& where, const Flag& flag) {
  auto line = "complete -c okg-sidecar -n " + single_quoted(where);
  for (const auto& name : flag.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (flag.is_file())
    line += " -r -F";
  else if (!flag.value.empty())
    line += " -x";
  if (!flag.choices.empty()) line += " -a " + single_quoted(joined(flag.choices, " "));
  return line + " -d " + single_quoted(flag.help) + "\n";
}

std::string fish(const std::vector<CommandRow>& table) {
  std::string script = "# fish completion of okg-sidecar\ncomplete -c okg-sidecar -f\n";
  for (const auto& row : table) {
    if (!row.name.empty())
      script += "complete -c okg-sidecar -n __fish_use_subcommand -a " + row.name + " -d " +
                single_quoted(row.help) + "\n";
    const auto where =
        row.name.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + row.name;
    for (const auto& flag : row.flags) script += fish_flag(where, flag);
  }
  return script;
}

}  // namespace

std::string completion_script(const std::vector<CommandRow>& table, Shell shell) {
  switch (shell) {
    case Shell::kZsh: return zsh(table);
    case Shell::kFish: return fish(table);
    case Shell::kBash: break;
  }
  return bash(table);
}

}  // namespace okg::cli
