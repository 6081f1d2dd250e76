#include "api/fields/field.hpp"

#include <utility>

#include "api/mistakes/look_alike.hpp"
#include "base/text/closest.hpp"
#include "base/text/concat.hpp"
#include "base/text/in_quotes.hpp"

namespace okg::api {
namespace {

std::string advice_on_look_alike(std::string_view name) {
  const auto found = first_look_alike(name);
  return found ? concat("; write ", found->ascii, " for '", found->text, "', which is no ASCII")
               : std::string();
}

}  // namespace

Error unknown_field(std::string_view name, FieldNames known) {
  return fail(ErrorCode::kInvalid, Reason::kUnknownField, "unknown field ", in_quotes(name),
              name.starts_with("amp;") ? "; write & for each &amp;, which is HTML" : "",
              advice_on_look_alike(name), did_you_mean(name, known));
}

Result<void> add_field(Fields& fields, std::string name, std::string value) {
  const auto [place, is_new] = fields.emplace(std::move(name), std::move(value));
  if (is_new) return {};
  return fail(ErrorCode::kInvalid, "field ", in_quotes(place->first), " is given twice");
}

}  // namespace okg::api
