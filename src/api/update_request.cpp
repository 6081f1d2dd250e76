#include "api/update_request.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/fields/form_fields.hpp"
#include "api/tree_fields.hpp"
#include "api/update_id.hpp"
#include "base/text.hpp"
#include "base/text/in_quotes.hpp"
#include "http/form.hpp"

namespace okg::api {
namespace {

constexpr std::array<std::string_view, 15> kUpdateFields{
    "version", "url",    "sha256", "signature",       "path",    "scope",   "until",       "wait",
    "force",   "format", "mode",   "stripComponents", "include", "exclude", "nameEncoding"};
constexpr std::array<std::string_view, 4> kRollbackFields{"version", "path", "scope", "wait"};
constexpr std::array<std::string_view, 2> kForgetFields{"path", "all"};

Result<bool> flag(const Fields& fields, const std::string& name, bool fallback) {
  const auto found = fields.find(name);
  if (found == fields.end()) return fallback;
  if (found->second == "true") return true;
  if (found->second == "false") return false;
  return fail(ErrorCode::kInvalid, name, " is ", in_quotes(found->second),
              "; it can be true or false");
}

Result<std::string> required(const Fields& fields, const std::string& name,
                             std::string_view example) {
  const auto found = fields.find(name);
  if (found == fields.end() || found->second.empty())
    return fail(ErrorCode::kInvalid, Reason::kMissingField, name, " is missing; send it like ",
                name, "=", example);
  return found->second;
}

/// What updates and rollbacks share. Stamps the request with the current time and an id.
Result<void> read_options(const Fields& fields, UpdateRequest& request) {
  if (const auto given = fields.find("scope"); given != fields.end()) {
    auto scope = results::parse_scope(given->second);
    if (!scope) return scope.error();
    request.scope = *scope;
  }
  auto wait = flag(fields, "wait", true);
  if (!wait) return wait.error();
  request.wait = *wait;
  auto force = flag(fields, "force", false);
  if (!force) return force.error();
  request.force = *force;
  request.requested_at = now();
  request.id = make_update_id(request.requested_at);
  return {};
}

Result<void> read_source(const Fields& fields, UpdateRequest& request) {
  auto version = required(fields, "version", "v2");
  if (!version) return version.error();
  if (auto ok = check_version(*version); !ok) return ok;
  request.version = std::move(*version);
  auto url = required(fields, "url", "https://cdn.example.com/game/v2/index.html");
  if (!url) return url.error();
  if (auto ok = check_url(*url); !ok) return ok;
  request.url = std::move(*url);
  return {};
}

/// "sha256:HEX" of an image and "HEX  NAME" of sha256sum hold one, and are none.
Result<Sha256> parse_sha256(const std::string& text) {
  constexpr std::size_t kDigits = 64;
  auto whole = Sha256::parse(text);
  if (whole || text.size() <= kDigits) return whole ? whole : whole.error().in("sha256");
  const auto begin = text.starts_with("sha256:") ? text.find(':') + 1 : 0;
  const auto held = Sha256::parse(std::string_view(text).substr(begin, kDigits));
  if (!held) return whole.error().in("sha256");
  return fail(ErrorCode::kInvalid, "sha256 ", in_quotes(text), " holds more than the digits; send ",
              in_quotes(held->hex()));
}

/// Of what is there already, and may have a name that nobody could type today.
Result<std::string> kept_path(const std::string& path) {
  if (path == results::kWholeDirectory) return path;
  return check_path(path);
}

Result<std::string> path_for(const Fields& fields, const UpdateRequest& request) {
  if (request.tree) return tree_path(fields);
  const auto typed = fields.find("path");
  return typed != fields.end() ? check_typed_path(typed->second) : path_of_url(request.url);
}

}  // namespace

Result<UpdateRequest> parse_update(const FieldSource& source) {
  const auto fields = read_fields(source, kUpdateFields);
  if (!fields) return fields.error();
  UpdateRequest request;
  if (auto ok = read_source(*fields, request); !ok) return ok.error();
  auto tree = parse_tree(*fields);
  if (!tree) return tree.error();
  request.tree = std::move(*tree);
  auto path = path_for(*fields, request);
  if (!path) return path.error();
  request.path = std::move(*path);
  if (const auto given = fields->find("sha256"); given != fields->end()) {
    auto sha256 = parse_sha256(given->second);
    if (!sha256) return sha256.error();
    request.sha256 = *sha256;
  }
  if (const auto given = fields->find("signature"); given != fields->end())
    request.signature = given->second;
  if (const auto given = fields->find("until"); given != fields->end()) {
    if (auto ok = check_until(given->second); !ok) return ok.error();
    request.until = given->second;
  }
  if (auto ok = read_options(*fields, request); !ok) return ok.error();
  return request;
}

Result<UpdateRequest> parse_rollback(const FieldSource& source) {
  const auto fields = read_fields(source, kRollbackFields);
  if (!fields) return fields.error();
  UpdateRequest request;
  request.rollback = true;
  if (const auto given = fields->find("version"); given != fields->end()) {
    if (auto ok = check_version(given->second); !ok) return ok.error();
    request.version = given->second;
  }
  // Kept content may have a path that nobody could type today.
  if (const auto given = fields->find("path"); given != fields->end()) {
    auto path = kept_path(given->second);
    if (!path) return path.error();
    request.path = std::move(*path);
  }
  if (auto ok = read_options(*fields, request); !ok) return ok.error();
  return request;
}

Result<ForgetRequest> parse_forget(const FieldSource& source) {
  const auto fields = read_fields(source, kForgetFields);
  if (!fields) return fields.error();
  ForgetRequest request;
  const auto given = fields->find("path");
  auto all = flag(*fields, "all", given == fields->end());
  if (!all) return all.error();
  if (*all == (given != fields->end()))
    return fail(ErrorCode::kInvalid, "send either path=NAME, or all=true for every path");
  if (*all) return request;
  auto path = kept_path(given->second);
  if (!path) return path.error();
  request.path = std::move(*path);
  return request;
}

bool asks_for_update(std::string_view query) {
  const auto pairs = http::split_form(query);
  return std::ranges::any_of(pairs, [](const auto& pair) {
    return equals_ignoring_case(pair.name, "version") || equals_ignoring_case(pair.name, "url");
  });
}

Fields to_fields(const UpdateRequest& request) {
  Fields fields;
  if (!request.version.empty()) fields["version"] = request.version;
  if (!request.path.empty()) fields["path"] = request.path;
  if (!request.url.empty()) fields["url"] = request.url;
  if (request.sha256) fields["sha256"] = request.sha256->hex();
  if (!request.signature.empty()) fields["signature"] = request.signature;
  if (request.tree) add_tree(*request.tree, fields);
  fields["scope"] = results::to_string(request.scope);
  if (!request.until.empty()) fields["until"] = request.until;
  if (!request.wait) fields["wait"] = "false";
  if (request.force) fields["force"] = "true";
  return fields;
}

Fields to_fields(const ForgetRequest& request) {
  if (request.path) return {{"path", *request.path}};
  return {{"all", "true"}};
}

nlohmann::ordered_json to_json(const Fields& fields) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : fields) json[name] = value;
  return json;
}

}  // namespace okg::api
