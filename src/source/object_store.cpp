#include "source/object_store.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/text/secret.hpp"
#include "http/form.hpp"
#include "source/aws_keys.hpp"
#include "source/aws_signature.hpp"

namespace okg::source {
namespace {

constexpr std::string_view kScheme = "s3://";

Error no_object(std::string_view url, const std::string& why) {
  return fail(ErrorCode::kInvalid, Reason::kInvalidField, "url '", redact_url(url), "' ", why);
}

/// Letters of a host's name, so that a bucket cannot be another host, or a path.
/// @source https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
bool is_bucket(std::string_view name) {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return name.size() >= 3 && name.size() <= 63 && is_alphanumeric(name.front()) &&
         is_alphanumeric(name.back()) && std::ranges::all_of(name, [&](char c) {
           return is_alphanumeric(c) || c == '-' || c == '.';
         });
}

/// "host", or "host:port" where the port is not the scheme's.
std::string authority_of(const http::Url& url) {
  const auto usual = url.is_secure() ? 443 : 80;
  return url.port() == usual ? url.host() : url.host() + ":" + std::to_string(url.port());
}

/// Signed by whoever made the URL: AWS, OSS, COS, TOS and OBS name it so.
bool is_signed(const http::Url& url) {
  const auto pairs = http::split_form(url.query());
  return std::ranges::any_of(
      pairs, [](const http::FormPair& pair) { return to_lower(pair.name).ends_with("signature"); });
}

struct Sent {
  std::string path;
  std::string query;
};

Result<Sent> canonical(const http::Url& url) {
  auto path = canonical_path(url.path());
  if (!path) return path.error();
  auto query = canonical_query(url.query());
  if (!query) return query.error();
  return Sent{std::move(*path), std::move(*query)};
}

}  // namespace

bool ObjectStore::holds(const http::Url& url) const {
  if (url.is_same_origin(endpoint)) return true;
  if (style == BucketStyle::kPath || url.scheme() != endpoint.scheme() ||
      url.port() != endpoint.port())
    return false;
  const auto dot = url.host().find('.');
  return dot != std::string::npos && dot > 0 && url.host().substr(dot + 1) == endpoint.host();
}

bool names_object(std::string_view url) {
  return equals_ignoring_case(url.substr(0, kScheme.size()), kScheme);
}

Result<std::string> url_of_object(const std::optional<ObjectStore>& store, std::string_view url) {
  if (!names_object(url)) return std::string(url);
  if (!store)
    return no_object(url,
                     "is of an object store, and the configuration names none: set s3 with its "
                     "endpoint, region and credentialsFile");
  const auto rest = url.substr(kScheme.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto bucket = rest.substr(0, slash);
  const auto key = rest.substr(slash);
  if (!is_bucket(bucket) || key.size() < 2)
    return no_object(url, "names no bucket and key; write it like s3://bucket/key");
  const auto scheme = store->endpoint.scheme() + "://";
  const auto authority = authority_of(store->endpoint);
  // No certificate of a name covers two labels below it.
  if (store->style == BucketStyle::kPath || bucket.find('.') != std::string_view::npos)
    return scheme + authority + "/" + std::string(bucket) + std::string(key);
  return scheme + std::string(bucket) + "." + authority + std::string(key);
}

Result<bool> sign(const std::optional<ObjectStore>& store, const http::Url& url, Timestamp time,
                  http::ClientRequest& request) {
  if (!store || !store->holds(url) || url.has_user() || is_signed(url)) return false;
  auto sent = canonical(url);
  if (!sent) return sent.error().in("url '" + redact_url(url.text()) + "'");
  const auto keys = read_aws_keys(store->credentials_file, store->profile);
  if (!keys) return keys.error();
  http::Headers headers{{"x-amz-content-sha256", empty_body_sha256()},
                        {"x-amz-date", aws_time(time)}};
  if (!keys->session_token.empty())
    headers.push_back({"x-amz-security-token", keys->session_token});
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  const auto authority = authority_of(url);
  headers.push_back({"host", authority});
  request.url = url.scheme() + "://" + authority + sent->path +
                (sent->query.empty() ? "" : "?" + sent->query);
  request.headers.push_back(
      {"Authorization", aws_authorization({request.method, sent->path, sent->query, headers}, *keys,
                                          {store->region, "s3"}, time)});
  return true;
}

}  // namespace okg::source
