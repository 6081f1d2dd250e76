#include "plugins/hot_update/settings/content_rules.hpp"

namespace okg::hot_update {
namespace {

/// A key with nothing behind it would verify nothing, and look as if it did.
content::signature::Settings read_signature(config::MapReader map, bool is_given) {
  content::signature::Settings settings;
  settings.public_key_files.key = "signature.publicKeyFiles";
  auto& files = settings.public_key_files.value;
  for (const auto* file : map.sequence("publicKeyFiles")) {
    files.emplace_back(file->scalar);
    if (!files.back().is_absolute())
      map.mistake("publicKeyFiles", "'" + file->scalar + "' is not an absolute path");
  }
  settings.required = {map.flag("required", settings.required.value), "signature.required"};
  settings.workload = map.text("workload", settings.workload);
  if (is_given && files.empty())
    map.mistake("publicKeyFiles", "is missing; name the .pub files of those who sign");
  map.finish();
  return settings;
}

}  // namespace

ContentRules read_content_rules(config::MapReader& map) {
  ContentRules rules;
  rules.require_sha256 = map.flag("requireSha256", rules.require_sha256);
  rules.signature = read_signature(map.map("signature"), map.stands("signature"));
  return rules;
}

Result<void> check_given(const ContentRules& rules, const api::UpdateRequest& request) {
  if (rules.require_sha256 && !request.rollback && !request.sha256)
    return fail(ErrorCode::kInvalid, Reason::kMissingField,
                "sha256 is missing, and requireSha256 is set; send the 64 digits that sha256sum "
                "prints for the content of the URL");
  if (request.signature.empty()) return {};
  if (auto ok = content::signature::compact(request.signature); !ok)
    return fail(ErrorCode::kInvalid, Reason::kSignatureInvalid,
                "field signature: ", ok.error().message);
  return {};
}

}  // namespace okg::hot_update
