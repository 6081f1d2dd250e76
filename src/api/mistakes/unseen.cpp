#include "api/mistakes/unseen.hpp"

#include <algorithm>
#include <array>

namespace okg::api {
namespace {

struct Unseen {
  std::string_view bytes;
  std::string_view name;
};

/// @source https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt (White_Space)
constexpr std::array<Unseen, 26> kAtEnds{{
    {" ", "a space"},
    {"\t", "a tab"},
    {"\n", "a line end, which is a control character"},
    {"\r", "a carriage return, which is a control character"},
    {"\u00a0", "a no-break space (U+00A0)"},
    {"\u1680", "an ogham space (U+1680)"},
    {"\u2000", "an en quad (U+2000)"},
    {"\u2001", "an em quad (U+2001)"},
    {"\u2002", "an en space (U+2002)"},
    {"\u2003", "an em space (U+2003)"},
    {"\u2004", "a space (U+2004)"},
    {"\u2005", "a space (U+2005)"},
    {"\u2006", "a space (U+2006)"},
    {"\u2007", "a figure space (U+2007)"},
    {"\u2008", "a punctuation space (U+2008)"},
    {"\u2009", "a thin space (U+2009)"},
    {"\u200a", "a hair space (U+200A)"},
    {"\u200c", "a zero width non-joiner (U+200C)"},
    {"\u200d", "a zero width joiner (U+200D)"},
    {"\u202f", "a narrow no-break space (U+202F)"},
    {"\u205f", "a mathematical space (U+205F)"},
    {"\u2800", "a blank Braille pattern (U+2800)"},
    {"\u3000", "an ideographic space (U+3000)"},
    {"\u3164", "a Hangul filler (U+3164)"},
    {"\u115f", "a Hangul filler (U+115F)"},
    {"\uffa0", "a Hangul filler (U+FFA0)"},
}};

/// @source https://www.unicode.org/reports/tr39/ (default ignorable)
constexpr std::array<Unseen, 7> kAnywhere{{
    {"\u00ad", "a soft hyphen (U+00AD)"},
    {"\u034f", "a grapheme joiner (U+034F)"},
    {"\u180e", "a vowel separator (U+180E)"},
    {"\u200b", "a zero width space (U+200B)"},
    {"\u2060", "a word joiner (U+2060)"},
    {"\u2063", "an invisible separator (U+2063)"},
    {"\ufeff", "a byte order mark (U+FEFF)"},
}};

template <class Holds>
const Unseen* find_at_end(const Holds& holds) {
  for (const auto& each : kAtEnds)
    if (holds(each.bytes)) return &each;
  return nullptr;
}

const Unseen* at_begin(std::string_view text) {
  return find_at_end([&](std::string_view bytes) { return text.starts_with(bytes); });
}

const Unseen* at_end(std::string_view text) {
  return find_at_end([&](std::string_view bytes) { return text.ends_with(bytes); });
}

}  // namespace

std::optional<std::string_view> first_unseen(std::string_view text) {
  if (const auto* found = at_begin(text)) return found->name;
  if (const auto* found = at_end(text)) return found->name;
  for (const auto& each : kAnywhere)
    if (text.find(each.bytes) != std::string_view::npos) return each.name;
  return std::nullopt;
}

std::string without_unseen(std::string_view text) {
  std::string seen(text);
  for (const auto& each : kAnywhere)
    for (auto at = seen.find(each.bytes); at != std::string::npos; at = seen.find(each.bytes, at))
      seen.erase(at, each.bytes.size());
  std::string_view rest = seen;
  while (const auto* found = at_begin(rest)) rest.remove_prefix(found->bytes.size());
  while (const auto* found = at_end(rest)) rest.remove_suffix(found->bytes.size());
  return std::string(rest);
}

}  // namespace okg::api
