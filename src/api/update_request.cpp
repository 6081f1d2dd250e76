#include "api/update_request.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/closest.hpp"
#include "base/text.hpp"
#include "http/form.hpp"
#include "http/message.hpp"

namespace okg::api {
namespace {

using Fields = std::map<std::string, std::string>;

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 7> kUpdateFields{"version", "url",  "sha256", "path",
                                                        "scope",   "wait", "force"};
constexpr std::array<std::string_view, 4> kRollbackFields{"version", "path", "scope", "wait"};
constexpr std::size_t kMaxUrlBytes = 8192;

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Result<void> add_field(Fields& fields, Names known, const std::string& name, std::string value) {
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    return fail(ErrorCode::kInvalid,
                "unknown field " + in_quotes(name) + did_you_mean(name, known));
  }
  if (!fields.emplace(name, std::move(value)).second)
    return fail(ErrorCode::kInvalid, "field " + in_quotes(name) + " is given twice");
  return {};
}

Result<bool> flag(const Fields& fields, const std::string& name, bool fallback) {
  const auto found = fields.find(name);
  if (found == fields.end()) return fallback;
  if (found->second == "true") return true;
  if (found->second == "false") return false;
  return fail(ErrorCode::kInvalid,
              name + " is " + in_quotes(found->second) + "; it can be true or false");
}

Result<std::string> required(const Fields& fields, const std::string& name,
                             std::string_view example) {
  const auto found = fields.find(name);
  if (found == fields.end() || found->second.empty())
    return fail(ErrorCode::kInvalid,
                name + " is missing; send it like " + name + "=" + std::string(example));
  return found->second;
}

Result<void> check_url(std::string_view url) {
  const auto scheme_end = url.find("://");
  const auto scheme = url.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end);
  if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https"))
    return fail(ErrorCode::kInvalid, "url " + in_quotes(url) + " is not an http or https address");
  if (url.size() > kMaxUrlBytes)
    return fail(ErrorCode::kInvalid,
                "url is longer than " + std::to_string(kMaxUrlBytes) + " bytes");
  const auto forbidden = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  if (std::any_of(url.begin(), url.end(), forbidden))
    return fail(
        ErrorCode::kInvalid,
        "url " + in_quotes(url) + " holds a space or a control character; percent-encode it");
  const auto host =
      url.substr(scheme_end + 3, url.find_first_of("/?#", scheme_end + 3) - (scheme_end + 3));
  if (host.empty()) return fail(ErrorCode::kInvalid, "url " + in_quotes(url) + " names no host");
  return {};
}

/// What an update and a rollback may say beside what they are about. It is asked for now.
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
  return {};
}

Result<UpdateRequest> update_of(const Fields& fields) {
  UpdateRequest request;
  auto version = required(fields, "version", "v2");
  if (!version) return version.error();
  if (auto ok = check_version(*version); !ok) return ok.error();
  request.version = std::move(*version);

  auto url = required(fields, "url", "https://cdn.example.com/game/v2/index.html");
  if (!url) return url.error();
  if (auto ok = check_url(*url); !ok) return ok.error();
  request.url = std::move(*url);

  const auto given_path = fields.find("path");
  auto path =
      given_path != fields.end() ? check_path(given_path->second) : path_of_url(request.url);
  if (!path) return path.error();
  request.path = std::move(*path);

  if (const auto given = fields.find("sha256"); given != fields.end()) {
    auto sha256 = Sha256::parse(given->second);
    if (!sha256) return sha256.error().in("sha256");
    request.sha256 = *sha256;
  }
  if (auto ok = read_options(fields, request); !ok) return ok.error();
  return request;
}

Result<UpdateRequest> rollback_of(const Fields& fields) {
  UpdateRequest request;
  request.rollback = true;
  if (const auto given = fields.find("version"); given != fields.end()) {
    if (auto ok = check_version(given->second); !ok) return ok.error();
    request.version = given->second;
  }
  if (const auto given = fields.find("path"); given != fields.end()) {
    auto path = check_path(given->second);
    if (!path) return path.error();
    request.path = std::move(*path);
  }
  if (auto ok = read_options(fields, request); !ok) return ok.error();
  return request;
}

Result<Fields> form_fields(std::string_view body, Names known) {
  auto pairs = http::parse_form(body);
  if (!pairs) return pairs.error();
  Fields fields;
  for (auto& [name, value] : *pairs)
    if (auto ok = add_field(fields, known, name, std::move(value)); !ok) return ok.error();
  return fields;
}

Result<Fields> json_fields(std::string_view body, Names known) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::kInvalid, "the body is not a JSON object");
  Fields fields;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string() && !value.is_boolean())
      return fail(ErrorCode::kInvalid,
                  "field " + in_quotes(name) + " is neither a string nor true or false");
    auto text = value.is_string() ? value.get<std::string>()
                                  : std::string(value.get<bool>() ? "true" : "false");
    if (auto ok = add_field(fields, known, name, std::move(text)); !ok) return ok.error();
  }
  return fields;
}

Result<UpdateRequest> read(const Result<Fields>& fields,
                           Result<UpdateRequest> (*make)(const Fields&)) {
  if (!fields) return fields.error();
  return make(*fields);
}

}  // namespace

Result<void> check_version(std::string_view version) {
  const bool ends_well =
      !version.empty() && is_alphanumeric(version.front()) && is_alphanumeric(version.back());
  const bool all_known = std::all_of(version.begin(), version.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
  if (version.size() <= 63 && ends_well && all_known) return {};
  return fail(ErrorCode::kInvalid, "version " + in_quotes(version) +
                                       " has to be 1 to 63 letters, digits, '.', '_' or '-', "
                                       "beginning and ending with a letter or "
                                       "digit (it is written to a label), like v1.2.3");
}

Result<std::string> check_path(std::string_view path) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kInvalid,
                "path " + in_quotes(path) + " " + std::string(why) +
                    "; give a file name under the shared directory, like maps/1.json");
  };
  if (path.empty()) return refuse("is empty");
  if (path.size() > 1024) return refuse("is longer than 1024 bytes");
  if (path.front() == '/') return refuse("is absolute");
  if (std::any_of(path.begin(), path.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return fail(ErrorCode::kInvalid, "path holds a NUL or another control character");
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto part = path.substr(begin, end - begin);
    if (part.empty()) return refuse("has an empty part");
    if (part == "." || part == "..") return refuse("holds " + in_quotes(part));
    if (part.size() > 255) return refuse("has a part longer than 255 bytes");
    if (begin == 0 && part == ".okg-sidecar")
      return refuse("is in the sidecar's own state directory");
    begin = end + 1;
  }
  return std::string(path);
}

Result<std::string> path_of_url(std::string_view url) {
  auto rest = url.substr(std::min(url.find("://") + 3, url.size()));
  rest = rest.substr(0, rest.find_first_of("?#"));
  const auto slash = rest.rfind('/');
  const auto segment =
      slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  if (segment.empty())
    return fail(
        ErrorCode::kInvalid,
        "url " + in_quotes(url) + " ends without a file name; say where to put it with path=NAME");
  auto name = http::percent_decode(segment);
  if (!name) return name.error().in("url");
  if (name->find('/') != std::string::npos)
    return fail(ErrorCode::kInvalid,
                "url " + in_quotes(url) +
                    " has an encoded slash in its file name; say where to put it with path=NAME");
  return check_path(*name);
}

Result<UpdateRequest> parse_form_request(std::string_view body) {
  return read(form_fields(body, kUpdateFields), update_of);
}
Result<UpdateRequest> parse_json_request(std::string_view body) {
  return read(json_fields(body, kUpdateFields), update_of);
}
Result<UpdateRequest> parse_form_rollback(std::string_view body) {
  return read(form_fields(body, kRollbackFields), rollback_of);
}
Result<UpdateRequest> parse_json_rollback(std::string_view body) {
  return read(json_fields(body, kRollbackFields), rollback_of);
}

}  // namespace okg::api
