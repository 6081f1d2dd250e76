// The fields of a flat JSON object.
#pragma once

#include <string_view>

#include "api/fields/field.hpp"

namespace okg::api {

/// Adds the fields of `text`. Strings, true and false, and numbers, which are
/// taken as they are written: 3.10 is "3.10". Errors as of read_fields().
[[nodiscard]] Result<void> add_json(std::string_view text, FieldNames known, Fields& fields);

}  // namespace okg::api
