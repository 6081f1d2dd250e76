// The value tree of config.yaml: what the readers of this
// program see of YAML. Made by parse_yaml, read with MapReader.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace okg::config {

class Mistakes;
struct Entry;

/// One value. Aliases are already expanded; keys stand in
/// the order of the file, also those that stand twice.
struct Node {
  enum class Kind { kNull, kScalar, kSequence, kMap };

  Kind kind = Kind::kNull;
  std::string scalar;          ///< kScalar only, quotes and escapes resolved
  std::vector<Node> items;     ///< kSequence only
  std::vector<Entry> entries;  ///< kMap only
  int line = 1;                ///< where the value begins, counted from 1
};

struct Entry {
  std::string key;
  int line = 1;  ///< of the key
  Node value;
};

/// One YAML document; a null Node when there is nothing but comments.
/// Errors: kInvalid, "line 3: broken YAML: illegal map value". Also
/// refused are more than 64 levels, more than 20,000 values or 4 MiB
/// of text after the expansion of aliases, control characters, NUL in
/// a text, keys that are no text, and a second document.
[[nodiscard]] Result<Node> parse_yaml(std::string_view text);
/// The same; what is wrong becomes a mistake at its line.
[[nodiscard]] std::optional<Node> parse_yaml(std::string_view text, Mistakes& mistakes);

}  // namespace okg::config
