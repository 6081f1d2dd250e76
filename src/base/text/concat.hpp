// Messages put together from words, numbers and paths.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace okg {

/// One part of a text: something that is text, a whole number, or a path.
class TextPart {
 public:
  template <class T>
  TextPart(const T& part) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::convertible_to<const T&, std::string_view>)
      text_ = part;
    else if constexpr (std::integral<T>)
      made_ = std::to_string(part);
    else
      made_ = part.string();
  }
  [[nodiscard]] std::string_view text() const { return made_.empty() ? text_ : made_; }

 private:
  std::string_view text_;
  std::string made_;
};

[[nodiscard]] std::string joined(std::initializer_list<TextPart> parts);

/// concat("ended after ", 3, " of ", 10, " bytes"). A char is no part of it: write "x", not 'x'.
template <class... Parts>
[[nodiscard]] std::string concat(const Parts&... parts) {
  static_assert(!(... || (std::same_as<Parts, char> || std::same_as<Parts, bool>)));
  return joined({TextPart(parts)...});
}

}  // namespace okg
