// Columns for people, as wide as what stands in them.
#pragma once

#include <string>
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

/// How many columns of a terminal it takes, were each character one wide, and
/// those of Chinese, Japanese and Korean two. @source UAX #11, East Asian Width
[[nodiscard]] std::size_t width_of(const std::string& text);

}  // namespace okg::client
