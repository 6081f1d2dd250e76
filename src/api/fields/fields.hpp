// The fields of a call: from its query and its body, whichever way clients send them.
#pragma once

#include <string_view>

#include "api/fields/field.hpp"
#include "base/error.hpp"

namespace okg::api {

/// The parts of an HTTP request that hold fields.
struct FieldSource {
  std::string_view content_type;  ///< the whole header; empty: there is none
  std::string_view query;         ///< as sent, without the question mark
  std::string_view body;
};

/// Whether the body is one that read_fields() reads.
/// Errors: kInvalid with kUnsupportedMediaType, naming what to send.
[[nodiscard]] Result<void> check_content_type(const FieldSource& source);

/// Reads query and body. A body is a form (curl -d),
/// multipart/form-data (curl -F) or a flat JSON object. Errors:
/// kInvalid, naming the field and what to send instead: a field
/// that is not in `known`, or is given twice, or is not UTF-8.
[[nodiscard]] Result<Fields> read_fields(const FieldSource& source, FieldNames known);

}  // namespace okg::api
