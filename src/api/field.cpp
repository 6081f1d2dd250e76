#include "api/field.hpp"

#include <utility>

#include "base/text.hpp"
#include "base/text/closest.hpp"
#include "base/text/secret.hpp"

namespace okg::api {
namespace {

constexpr std::size_t kMaxQuotedBytes = 1024;

}  // namespace

std::string in_quotes(std::string_view text) {
  return "'" + shortened(redact_url(text), kMaxQuotedBytes) + "'";
}

Error unknown_field(std::string_view name, FieldNames known) {
  return fail(ErrorCode::kInvalid, Reason::kUnknownField, "unknown field ", in_quotes(name),
              did_you_mean(name, known));
}

Result<void> add_field(Fields& fields, std::string name, std::string value) {
  const auto [place, is_new] = fields.emplace(std::move(name), std::move(value));
  if (is_new) return {};
  return fail(ErrorCode::kInvalid, "field ", in_quotes(place->first), " is given twice");
}

}  // namespace okg::api
