#include "api/mistakes/json_flaw.hpp"

#include "api/mistakes/look_alike.hpp"
#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/visible.hpp"

namespace okg::api {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// The last byte before `at` that is no blank; NUL when there is none.
char before(std::string_view text, std::size_t at) {
  const auto last = text.substr(0, at).find_last_not_of(kBlanks);
  return last == std::string_view::npos ? '\0' : text[last];
}

/// Whether `at` is in, or right behind, what begins
/// like a number: nlohmann stops at the second dot of 1.2.3.
bool is_in_number(std::string_view text, std::size_t at) {
  const auto last = text.substr(0, at).find_last_not_of("0123456789.+-eE");
  return last != std::string_view::npos && last + 1 < at && before(text, last + 1) == ':';
}

/// What `rest` begins with has no place behind `last`. Empty: nothing better is known.
std::string advice_on(std::string_view rest, char last, bool in_number) {
  const char first = rest.front();
  if (first == '\0') return "that is NUL, which no JSON has; send no more than the JSON itself";
  if (const auto found = look_alike_at(rest))
    return concat("'", found->text, "' is no ASCII; write ", found->ascii);
  if (first == '\'') return "names and text stand in double quotes, not in single ones";
  if (last == ',' && (first == '}' || first == ']')) return "a comma stands before the end";
  if (first == '/' || first == '#') return "JSON has no comments";
  if ((in_number && first != '"') || (last == ':' && (first == '.' || first == '+')))
    return "that is no number of JSON; a version stands in double quotes, like \"1.2.3\"";
  if ((last == '{' || last == ',' || last == ':') && is_alphanumeric(first))
    return "names and text stand in double quotes; where a shell takes them away (PowerShell, "
           "cmd.exe), send the JSON from a file, with --data-binary @FILE";
  return {};
}

}  // namespace

std::string flaw_of_json(std::string_view text, std::size_t byte) {
  if (text.find_first_not_of(kBlanks) == std::string_view::npos) return "it is empty";
  if (!is_utf8(text)) return "it is not UTF-8";
  if (byte == 0 || byte > text.size()) return "it ends too early";
  const auto at = byte - 1;
  const auto advice = advice_on(text.substr(at), before(text, at), is_in_number(text, at));
  const auto place = concat("it cannot be read beyond byte ", byte);
  return advice.empty() ? place : concat(place, ": ", advice);
}

}  // namespace okg::api
