// The proofs that content has to bring before it may go live.
#pragma once

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "config/reader.hpp"
#include "content/signature/check_signature.hpp"

namespace okg::hot_update {

/// Keys of the plugin's configuration, with their defaults.
struct ContentRules {
  bool require_sha256 = false;
  content::signature::Settings signature{};
};

[[nodiscard]] ContentRules read_content_rules(config::MapReader& map);

/// Whether the request says what it has to say of its content. A
/// rollback need not: what is kept has been checked when it came.
/// Errors: kInvalid: MissingField, SignatureInvalid.
[[nodiscard]] Result<void> check_given(const ContentRules& rules,
                                       const api::UpdateRequest& request);

}  // namespace okg::hot_update
