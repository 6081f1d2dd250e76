// Columns for people, as wide as what stands in them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace okg::client {

class Columns {
 public:
  explicit Columns(std::vector<std::string> head) : rows_{std::move(head)} {}
  /// As many texts as the head has; made harmless here.
  void add(std::vector<std::string> row);
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// The columns of a terminal that a text takes: Chinese characters are
/// two wide, combining accents nothing. @source UAX #11, East Asian Width
[[nodiscard]] std::size_t width_of(std::string_view text);
/// The longest beginning of a text that is at most `columns` wide.
[[nodiscard]] std::string_view fit(std::string_view text, std::size_t columns);

}  // namespace okg::client
