// A text of config.yaml that a test reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/reader.hpp"

namespace okg::config {

/// A reader over this text, and what it found wrong.
class Reading {
 public:
  explicit Reading(std::string_view text)
      : node_(parse_yaml(text).value()), map(node_, "", mistakes_) {}

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const auto& mistake : mistakes_.list()) all.push_back(to_string(mistake));
    return all;
  }

 private:
  Mistakes mistakes_{"f"};
  Node node_;

 public:
  MapReader map;
};

}  // namespace okg::config
