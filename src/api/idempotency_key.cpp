#include "api/idempotency_key.hpp"

#include <algorithm>

#include "api/fields/form_fields.hpp"
#include "base/digest/sha256.hpp"

namespace okg::api {
namespace {

constexpr std::size_t kMaxKeyBytes = 255;

}  // namespace

std::string digest_of(const UpdateRequest& request) {
  auto fields = to_fields(request);
  fields.erase("wait");  // who waits asks for the same
  if (request.rollback) fields["rollback"] = "true";
  fields["caller"] = request.caller;  // the key is that caller's own
  return sha256_of(to_form(fields)).hex();
}

Result<void> set_idempotency_key(UpdateRequest& request, std::string_view key) {
  const bool is_plain = std::ranges::all_of(key, [](char c) { return c >= ' ' && c <= '~'; });
  if (key.empty() || key.size() > kMaxKeyBytes || !is_plain)
    return fail(ErrorCode::kInvalid, Reason::kInvalidField, kIdempotencyKeyHeader,
                " has to be 1 to ", kMaxKeyBytes, " printable ASCII characters, such as a UUID");
  request.idempotency_key = key;
  return {};
}

}  // namespace okg::api
