// The fields of form text: a body that curl -d sends, or a
// query. People paste URLs into both without encoding them,
// so a url that was not encoded is taken as it stands.
//
//   raw value of url         taken as
//   https%3A%2F%2Fh%2Fa      form-encoded: decoded once
//   https://h/a%20b?s=x%2By  pasted: literally, nothing is decoded
//   https://h/a?s=1&t=2      pasted: "&t=2" is an unknown field right after it, and put back
//
// Where it is not clear whether a field belongs to the url, nothing
// is guessed: an unknown one after another field, or after a url
// without a query; a known one behind a pasted url with a query,
// but for the version, without which there would be no request.
#pragma once

#include <string_view>

#include "api/fields/field.hpp"

namespace okg::api {

/// Adds the fields of `text`. Errors as of read_fields(); they
/// name --data-urlencode where a pasted url is the likely reason.
[[nodiscard]] Result<void> add_form(std::string_view text, FieldNames known, Fields& fields);

/// The fields as form text, every value percent-encoded.
[[nodiscard]] std::string to_form(const Fields& fields);

}  // namespace okg::api
