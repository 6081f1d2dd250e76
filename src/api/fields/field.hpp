// One field of a call: its name, its value, and what is wrong with it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::api {

/// Name -> value, decoded.
using Fields = std::map<std::string, std::string>;
using FieldNames = std::span<const std::string_view>;

/// Adds a field. Errors: kInvalid when it is there.
[[nodiscard]] Result<void> add_field(Fields& fields, std::string name, std::string value);
/// The error for a field that no call has.
[[nodiscard]] Error unknown_field(std::string_view name, FieldNames known);

}  // namespace okg::api
