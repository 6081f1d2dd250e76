#include "process/script.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace okg::process {
namespace {

/// The options of an interpreter that are followed by another argument, each list in spaces.
struct Interpreter {
  std::string_view names;
  std::string_view with_value;   ///< by a value
  std::string_view with_script;  ///< by what is run
  std::string_view with_text;    ///< by the text of what is run
};

/// @source python3 --help, node --help, java --help and lua, ruby, perl, php, bash by their manuals
constexpr std::array kInterpreters{
    Interpreter{"python pypy", " -W -X --check-hash-based-pycs ", " -m ", " -c "},
    Interpreter{"node nodejs",
                " -r --require --import --loader --experimental-loader -C --conditions ", "",
                " -e --eval -p --print "},
    Interpreter{"java",
                " -cp -classpath --class-path -p --module-path --add-modules --add-opens "
                "--add-exports --add-reads ",
                " -jar -m --module ", ""},
    Interpreter{"lua luajit", " -l ", "", " -e "},
    Interpreter{"ruby", " -C -I -r ", "", " -e "},
    Interpreter{"perl", " -I ", "", " -e -E "},
    Interpreter{"php", " -c -d -S -t -z ", " -f ", " -r -B -R -E "},
    Interpreter{"sh bash dash ash zsh busybox", " -o +o ", "", " -c "},
    Interpreter{"dotnet mono", "", "", ""},
};

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; (at = words.find(word, at)) != std::string_view::npos; ++at) {
    const auto end = at + word.size();
    const bool begins = at == 0 || words[at - 1] == ' ';
    if (begins && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

/// "python3.11" is python.
const Interpreter* interpreter_of(std::string_view program) {
  const auto last = program.find_last_not_of("0123456789.");
  if (last == std::string_view::npos) return nullptr;
  program = program.substr(0, last + 1);
  const auto* found =
      std::find_if(kInterpreters.begin(), kInterpreters.end(),
                   [&](const Interpreter& each) { return has_word(each.names, program); });
  return found == kInterpreters.end() ? nullptr : found;
}

}  // namespace

std::string_view script_of(const Process& process) {
  const auto* interpreter = interpreter_of(process.argv0_base);
  if (interpreter == nullptr) return {};
  const std::span arguments(process.arguments);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view each = arguments[i];
    if (has_word(interpreter->with_text, each)) return {};
    if (has_word(interpreter->with_script, each))
      return i + 1 < arguments.size() ? std::string_view(arguments[i + 1]) : std::string_view();
    if (has_word(interpreter->with_value, each)) {
      ++i;
      continue;
    }
    if (!each.starts_with('-') && !each.starts_with('+')) return each;
  }
  return {};
}

}  // namespace okg::process
