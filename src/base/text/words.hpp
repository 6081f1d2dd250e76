// Enums that are written as words: in JSON, in the journal, in configuration.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace okg {

/// A row of such a table: `constexpr Word<Scope> kScopes[]{{Scope::kPod, "pod"}, …};`.
template <class Enum>
struct Word {
  Enum value;
  std::string_view word;
};

/// Empty for a value that the table does not have.
template <class Enum, std::size_t kRows>
[[nodiscard]] constexpr std::string_view word_of(Enum value, const Word<Enum> (&table)[kRows]) {
  for (const auto& row : table)
    if (row.value == value) return row.word;
  return {};
}

/// Nothing for a word that the table does not have.
template <class Enum, std::size_t kRows>
[[nodiscard]] constexpr std::optional<Enum> value_of(std::string_view word,
                                                     const Word<Enum> (&table)[kRows]) {
  for (const auto& row : table)
    if (row.word == word) return row.value;
  return std::nullopt;
}

}  // namespace okg
