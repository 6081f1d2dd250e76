// The header Idempotency-Key: a client that asks again with
// the same key asks for the same update, not for another one.
#pragma once

#include <string>
#include <string_view>

#include "api/update_request.hpp"
#include "base/error.hpp"

namespace okg::api {

inline constexpr std::string_view kIdempotencyKeyHeader = "Idempotency-Key";

/// Takes the value of the header. Errors: kInvalid.
[[nodiscard]] Result<void> set_idempotency_key(UpdateRequest& request, std::string_view key);
/// The same for all requests that ask for the
/// same: what an idempotency key is held against.
[[nodiscard]] std::string digest_of(const UpdateRequest& request);

}  // namespace okg::api
