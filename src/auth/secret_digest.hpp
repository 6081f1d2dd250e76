// Secrets are kept and compared as digests.
#pragma once

#include <string_view>

#include "base/digest/sha256.hpp"

namespace okg::auth {

[[nodiscard]] Sha256 digest_of(std::string_view secret);
/// Takes as long whatever is the same in both.
[[nodiscard]] bool are_equal(const Sha256& a, const Sha256& b);

}  // namespace okg::auth
