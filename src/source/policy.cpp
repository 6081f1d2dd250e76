#include "source/policy.hpp"

#include <algorithm>

#include "base/text/secret.hpp"

namespace okg::source {
namespace {

constexpr std::size_t kMaxShownSources = 5;

/// "https://a/, https://b/ and 3 more".
std::string list_of(const std::vector<UrlPrefix>& sources) {
  const auto shown = std::min(sources.size(), kMaxShownSources);
  std::string list;
  for (std::size_t i = 0; i < shown; ++i) list += (i == 0 ? "" : ", ") + sources[i].text();
  if (shown < sources.size()) list += " and " + std::to_string(sources.size() - shown) + " more";
  return list;
}

std::string is_set(const Setting<bool>& flag) {
  return flag.key.empty() ? std::string() : concat(", and ", flag.key, " is set");
}

Error not_allowed(const http::Url& url, const std::string& why) {
  return fail(ErrorCode::kUpstream, Reason::kSourceNotAllowed, "url '", redact_url(url.text()),
              "' ", why);
}

}  // namespace

Policy::Policy(const SourceSettings& settings)
    : allowed_sources_(settings.allowed_sources),
      require_https_(settings.require_https),
      object_store_(settings.object_store),
      credentials_(settings),
      addresses_(settings.allowed_addresses, settings.denied_addresses,
                 ApiServer::of_environment()) {}

Result<http::Url> Policy::parse(std::string_view url) const {
  const auto text = url_of_object(object_store_, url);
  return text ? http::Url::parse(*text) : text.error();
}

std::string Policy::url_as_recorded(const std::string& url) const {
  if (!names_object(url)) return url;
  const auto parsed = parse(url);
  return parsed ? parsed->text() : url;
}

Result<http::Url> Policy::check(std::string_view url) const {
  auto parsed = parse(url);
  if (!parsed) return parsed.error();
  if (auto ok = check(*parsed); !ok) return ok.error();
  return parsed;
}

Result<void> Policy::check(const http::Url& url) const {
  if (auto ok = check_prefix(url); !ok) return ok;
  if (auto ok = addresses_.check_host(url.host(), url.port()); !ok)
    return ok.error().in("url '" + redact_url(url.text()) + "'");
  return {};
}

Result<void> Policy::check_prefix(const http::Url& url) const {
  if (require_https_.value && !url.is_secure())
    return not_allowed(url, concat("is not https", is_set(require_https_), "; send its https URL"));
  const bool is_named = std::ranges::any_of(allowed_sources_.value,
                                            [&](const auto& each) { return each.holds(url); });
  if (allowed_sources_.value.empty() || is_named) return {};
  return not_allowed(url, "is of none of " +
                              name_of(allowed_sources_, list_of(allowed_sources_.value)) +
                              "; where it is meant, add the beginning of the URL there");
}

Result<void> Policy::check_kept(std::string_view url) const {
  if (allowed_sources_.value.empty() && !require_https_.value) return {};
  const auto parsed = parse(url);
  if (!parsed) return parsed.error();
  return check_prefix(*parsed);
}

}  // namespace okg::source
