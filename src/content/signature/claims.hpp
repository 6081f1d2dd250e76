// Claims of a trusted comment: they bind the signed content to a version and a
// path, so that it cannot go live in the place of other content.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::content::signature {

/// `path=maps/1.json version=v2 workload=prod/StatefulSet/game`: words with one space between them,
/// in any order. A space, a `%` and a control character of a value are percent-encoded. minisign's
/// own words (`timestamp:…`, `file:…`, `hashed`) may stand among them, and say nothing.
struct Claims {
  std::string path;
  std::string version;
  std::string workload;  ///< empty: of any workload
  bool operator==(const Claims&) const = default;
};

/// Errors: kRefused, path or version is missing, a word twice or unknown.
[[nodiscard]] Result<Claims> parse_claims(std::string_view trusted_comment);
/// Errors: kRefused, naming what differs.
Result<void> check_claims(const Claims& signed_for, const Claims& wanted);

}  // namespace okg::content::signature
