#include "plugins/hot_update/update/update_warnings.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
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

void warn_if_archive(Outcome& outcome) {
  constexpr std::array<std::string_view, 9> kEndings{
      ".zip", ".tar", ".tgz", ".tzst", ".txz", ".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2"};
  const auto name = to_lower(outcome.path);
  if (std::ranges::none_of(kEndings,
                           [&](std::string_view ending) { return name.ends_with(ending); }))
    return;
  outcome.warnings.push_back(warn(
      Reason::kStoredAsArchive,
      outcome.path + " is stored as the archive that it is; to publish the files that are in it, "
                     "send format=archive, and path for the folder that they belong in"));
}

void warn_of_unverified_signature(Outcome& outcome) {
  outcome.warnings.push_back(
      warn(Reason::kSignatureNotVerified,
           "a signature came with the update, and this sidecar verifies none; set "
           "signature.publicKeyFiles"));
}

bool is_unchanged(const Outcome& outcome, const LiveFile& before) {
  return before.entry.version != outcome.version && before.entry.sha256 &&
         before.entry.sha256->hex() == outcome.sha256;
}

void warn_of_unchanged_content(Outcome& outcome, const LiveFile& before) {
  outcome.warnings.push_back(
      warn(Reason::kContentUnchanged,
           "the content is byte for byte that of version " + before.entry.version +
               "; if it should differ, a cache answered with the old one: send the "
               "update again with force=true, which asks past caches"));
}

}  // namespace okg::hot_update
