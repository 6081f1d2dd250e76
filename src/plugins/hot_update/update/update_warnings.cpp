#include "plugins/hot_update/update/update_warnings.hpp"

#include "content/url_expiry.hpp"

namespace okg::hot_update {

void warn_if_url_expires(Outcome& outcome) {
  const auto expiry = content::url_expiry(outcome.url);
  if (!expiry) return;
  outcome.warnings.push_back(
      {"SourceAddressExpires",
       std::string(*expiry < now() ? "the URL expired at " : "the URL expires at ") +
           format_timestamp(*expiry) +
           "; a pod that starts later without this content cannot download it. Sign the URL for "
           "longer, or use one that does not expire"});
}

void warn_if_unchanged(Outcome& outcome, const LiveFile& before, const Sha256& sha256) {
  if (before.entry.version == outcome.version || before.entry.sha256 != sha256) return;
  outcome.warnings.push_back(
      {"ContentUnchanged", "the content is byte for byte that of version " + before.entry.version +
                               "; if it should differ, a cache answered with the old one: send the "
                               "update again with force=true, which asks past caches"});
}

}  // namespace okg::hot_update
