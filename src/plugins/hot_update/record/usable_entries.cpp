#include "plugins/hot_update/record/usable_entries.hpp"

#include <string>

#include "api/checks.hpp"
#include "api/tree_fields.hpp"
#include "base/length_limits.hpp"
#include "base/log.hpp"
#include "results/tree_entry.hpp"

namespace okg::hot_update {
namespace {

/// The original sidecar noted neither a checksum nor a time.
bool is_of_original(const results::Entry& entry) {
  return !entry.sha256 && entry.requested_at == Timestamp{};
}

Result<void> check_trust(const results::Entry& entry, const LatestSettings& settings,
                         const ContentRules& rules) {
  if (entry.sha256) return {};
  if (rules.require_sha256)
    return fail(ErrorCode::kRefused, Reason::kMissingField,
                "it has no checksum, and requireSha256 is set; send the update again, with sha256");
  if (!entry.signature.empty() && rules.signature.verifies()) return {};
  if (is_of_original(entry)) {
    if (settings.read_original) return {};
    return fail(
        ErrorCode::kRefused, Reason::kMissingField,
        "it is of the original sidecar, and has no checksum; set latest.readOriginal: true to take "
        "such entries, or send the update again");
  }
  if (settings.trust == LatestTrust::kShared) return {};
  return fail(ErrorCode::kRefused, Reason::kMissingField,
              "it has no checksum; send the update again, or set latest.trust: shared");
}

Result<void> check_entry(const std::string& path, const results::Entry& entry,
                         const LatestSettings& settings, const ContentRules& rules) {
  const bool is_all = entry.tree && path == results::kWholeDirectory;
  if (!is_all)
    if (auto ok = api::check_path(path); !ok) return ok.error().because(Reason::kInvalidField);
  if (auto ok = api::check_version(entry.version); !ok)
    return ok.error().because(Reason::kInvalidField);
  if (!entry.url.empty())
    if (auto ok = api::check_url(entry.url); !ok) return ok.error().because(Reason::kInvalidField);
  if (!entry.until.empty())
    if (auto ok = api::check_until(entry.until); !ok) return ok;
  if (entry.signature.size() > kMaxSignatureBytes)
    return fail(ErrorCode::kInvalid, Reason::kSignatureInvalid, "its signature is longer than ",
                kMaxSignatureBytes, " bytes");
  if (entry.tree)
    if (auto ok = api::check_tree(entry.tree->options); !ok) return ok;
  return check_trust(entry, settings, rules);
}

void take_usable(results::Entries& files, const LatestSettings& settings, const ContentRules& rules,
                 std::map<std::string, Error>& ignored) {
  std::erase_if(files, [&](const auto& each) {
    const auto& [path, entry] = each;
    const auto ok = check_entry(path, entry, settings, rules);
    if (ok) return false;
    log::warn("a stored entry is ignored", {{"path", path}, {"error", ok.error().message}});
    ignored.insert_or_assign(path, ok.error());
    return true;
  });
}

}  // namespace

results::Wanted usable_entries(results::Wanted wanted, const LatestSettings& settings,
                               const ContentRules& rules) {
  take_usable(wanted.own, settings, rules, wanted.ignored);
  take_usable(wanted.latest, settings, rules, wanted.ignored);
  return wanted;
}

}  // namespace okg::hot_update
