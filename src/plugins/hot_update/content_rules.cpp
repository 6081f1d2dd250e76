#include "plugins/hot_update/content_rules.hpp"

namespace okg::hot_update {

ContentRules read_content_rules(config::MapReader& map) {
  ContentRules rules;
  rules.require_sha256 = map.flag("requireSha256", rules.require_sha256);
  return rules;
}

Result<void> check_given(const ContentRules& rules, const api::UpdateRequest& request) {
  if (!rules.require_sha256 || request.rollback || request.sha256) return {};
  return fail(ErrorCode::kInvalid, Reason::kMissingField,
              "sha256 is missing, and requireSha256 is set; send the 64 digits that sha256sum "
              "prints for the content of the URL");
}

}  // namespace okg::hot_update
