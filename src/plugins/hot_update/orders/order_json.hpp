// Reads the two levels of the order's JSON: path -> field -> value as it is written.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "api/fields/field.hpp"
#include "base/error.hpp"

namespace okg::hot_update {

/// One path's fields, or what is wrong with its value.
struct RawOrder {
  api::Fields fields{};
  std::string mistake{};
};

/// A value that nests deeper, and a field or a path that is there
/// twice, are mistakes of that path. Numbers are taken as they are
/// written: 3.10 is "3.10". Errors: kInvalid, it is no JSON object.
[[nodiscard]] Result<std::map<std::string, RawOrder>> read_order(std::string_view text);

}  // namespace okg::hot_update
