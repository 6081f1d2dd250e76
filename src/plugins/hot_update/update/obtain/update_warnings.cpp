#include "plugins/hot_update/update/obtain/update_warnings.hpp"

#include "content/url_expiry.hpp"

namespace okg::hot_update {

void warn_if_url_expires(Outcome& outcome) {
  const auto expiry = content::url_expiry(outcome.url);
  if (!expiry) return;
  outcome.warnings.push_back(warn(
      Reason::kSourceAddressExpires,
      std::string(*expiry < now() ? "the URL expired at " : "the URL expires at ") +
          format_timestamp(*expiry) +
          "; a pod that starts later without this content cannot download it. Sign the URL for "
          "longer, or use one that does not expire"));
}

void warn_of_unverified_signature(Outcome& outcome) {
  outcome.warnings.push_back(
      warn(Reason::kSignatureNotVerified,
           "a signature came with the update, and this sidecar verifies none; set "
           "signature.publicKeyFiles"));
}

bool is_unchanged(const Outcome& outcome, const LiveContent& before) {
  return before.entry.version != outcome.version && before.entry.sha256 &&
         before.entry.sha256->hex() == outcome.sha256;
}

void warn_of_unchanged_content(Outcome& outcome, const LiveContent& before) {
  outcome.warnings.push_back(
      warn(Reason::kContentUnchanged,
           "the content is byte for byte that of version " + before.entry.version +
               "; if it should differ, a cache answered with the old one: send the "
               "update again with force=true, which asks past caches"));
}

}  // namespace okg::hot_update
