// Punctuation as input methods and word processors
// write it, where ASCII is meant: ：，“”＆＝／.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace okg::api {

struct LookAlike {
  std::string_view text;   ///< "，"
  std::string_view ascii;  ///< ","
};

/// What `text`, which is UTF-8, begins with.
[[nodiscard]] std::optional<LookAlike> look_alike_at(std::string_view text);
/// The first one in it.
[[nodiscard]] std::optional<LookAlike> first_look_alike(std::string_view text);
/// The text with ASCII in place of all of them.
[[nodiscard]] std::string in_ascii(std::string_view text);

}  // namespace okg::api
