#include "api/checks.hpp"

#include <algorithm>
#include <optional>

#include "api/fields/field.hpp"
#include "api/mistakes/likely_url.hpp"
#include "api/mistakes/look_alike.hpp"
#include "api/mistakes/unseen.hpp"
#include "base/digest/sha256.hpp"
#include "base/length_limits.hpp"
#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/in_quotes.hpp"
#include "base/text/visible.hpp"
#include "http/form.hpp"
#include "http/last_segment.hpp"

namespace okg::api {
namespace {

/// The path that was most likely meant: "./maps\\ 1.json" -> "maps/1.json".
std::string likely_path(std::string_view path) {
  std::string slashed(path);
  std::ranges::replace(slashed, '\\', '/');
  std::string likely;
  for (std::size_t begin = 0; begin <= slashed.size();) {
    const auto end = std::min(slashed.find('/', begin), slashed.size());
    const std::string_view part = std::string_view(slashed).substr(begin, end - begin);
    const bool says_nothing = part == "." || (part.empty() && begin > 0 && end < slashed.size());
    if (!says_nothing)
      likely.append(begin == 0 || likely.empty() ? "" : "/").append(without_unseen(part));
    begin = end + 1;
  }
  return likely;
}

bool is_path_of_windows(std::string_view path) {
  return path.size() > 2 && is_letter(path[0]) && path[1] == ':' &&
         (path[2] == '/' || path[2] == '\\');
}

/// Empty: nothing in it waits for a shell, or for a template, to be replaced.
std::string flaw_of_template(std::string_view text) {
  for (const std::string_view each : {"${", "{{", "$("})
    if (text.find(each) != std::string_view::npos)
      return concat("holds ", each, ", which nobody has filled in");
  return {};
}

/// The first part of a path that has one.
std::optional<std::string_view> first_unseen_of_parts(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    if (const auto found = first_unseen(path.substr(begin, end - begin))) return found;
    begin = end + 1;
  }
  return std::nullopt;
}

/// Empty: nothing better can be said than what a version is.
std::string flaw_of_version(std::string_view version) {
  if (version.find("url") != std::string_view::npos &&
      version.find("://") != std::string_view::npos)
    return "holds the url; separate fields by &, or send each with a -d of its own";
  if (version.starts_with("http://") || version.starts_with("https://"))
    return "is a URL, and stands where the version belongs";
  if (auto flaw = flaw_of_template(version); !flaw.empty()) return flaw;
  if (version.ends_with('^')) return "ends with ^, which cmd.exe wants outside of quotes alone";
  if (!is_utf8(version)) return {};
  if (const auto found = first_look_alike(version))
    return concat("has '", found->text, "', which is no ASCII");
  const auto unseen = first_unseen(version);
  return unseen ? "has " + std::string(*unseen) + "; send " + in_quotes(without_unseen(version))
                : "";
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

}  // namespace

Result<void> check_version(std::string_view version) {
  const bool ends_well =
      !version.empty() && is_alphanumeric(version.front()) && is_alphanumeric(version.back());
  if (version.size() <= 63 && ends_well && has_only_alphanumeric_or("._-", version)) return {};
  if (const auto flaw = flaw_of_version(version); !flaw.empty())
    return fail(ErrorCode::kInvalid, "version ", in_quotes(version), " ", flaw);
  return fail(ErrorCode::kInvalid, "version ", in_quotes(version),
              " has to be 1 to 63 letters, digits, '.', '_' or '-', "
              "beginning and ending with a letter or "
              "digit (it is written to a label), like v1.2.3");
}

/// True as well for an image that is not named by a digest.
bool has_whole_digest(std::string_view image) {
  constexpr std::string_view kPrefix = "sha256:";
  const auto at = image.find('@');
  const auto digest = at == std::string_view::npos ? image : image.substr(at + 1);
  if (at == std::string_view::npos && !digest.starts_with(kPrefix)) return true;
  return digest.starts_with(kPrefix) && Sha256::parse(digest.substr(kPrefix.size())).has_value();
}

Result<void> check_until(std::string_view image) {
  constexpr std::size_t kMaxImageBytes = 512;
  if (!image.empty() && image.size() <= kMaxImageBytes && is_alphanumeric(image.front()) &&
      has_only_alphanumeric_or("._-/:@", image) && has_whole_digest(image) &&
      image.find("//") == std::string_view::npos)
    return {};
  return fail(ErrorCode::kInvalid, Reason::kInvalidField, "until ", in_quotes(image),
              " is no image; name it as the pods' containers do, like "
              "registry.example.com/game:v3, or by its digest, sha256: and 64 digits");
}

Result<std::string> check_path(std::string_view path) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kInvalid, "path ", in_quotes(path), " ", why,
                "; give a file name under the shared directory, like maps/1.json");
  };
  if (path.empty()) return refuse("is empty");
  if (path.size() > kMaxPathBytes)
    return refuse(concat("is longer than ", kMaxPathBytes, " bytes"));
  if (path.front() == '/') return refuse("is absolute");
  if (std::ranges::any_of(path, is_control))
    return fail(ErrorCode::kInvalid, "path holds a NUL or another control character");
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto part = path.substr(begin, end - begin);
    if (part.empty()) return refuse("has an empty part");
    if (part == "." || part == "..") return refuse("holds " + in_quotes(part));
    if (part.size() > kMaxNameBytes)
      return refuse(concat("has a part longer than ", kMaxNameBytes, " bytes"));
    begin = end + 1;
  }
  return std::string(path);
}

Result<std::string> check_typed_path(std::string_view path) {
  if (!is_utf8(path))
    return fail(ErrorCode::kInvalid, "path is not UTF-8; send it in UTF-8, like path=NAME");
  if (is_path_of_windows(path) || path.starts_with("~/"))
    return fail(ErrorCode::kInvalid, "path ", in_quotes(path),
                " begins elsewhere than in the shared directory; give a file name under it, like "
                "maps/1.json");
  if (const auto flaw = flaw_of_template(path); !flaw.empty())
    return fail(ErrorCode::kInvalid, "path ", in_quotes(path), " ", flaw);
  const auto likely = likely_path(path);
  if (auto ok = check_path(path); !ok) {
    const bool is_better =
        path.front() != '/' && likely != path && check_path(likely) && visible(likely) == likely;
    if (!is_better) return ok.error();
    return fail(ErrorCode::kInvalid, "path ", in_quotes(path), " is not plain; send ",
                in_quotes(likely));
  }
  if (visible(likely) != likely)
    return fail(ErrorCode::kInvalid,
                "path holds a control or text direction character; leave it out");
  if (likely == path) return std::string(path);
  const auto unseen = first_unseen_of_parts(path);
  return fail(ErrorCode::kInvalid,
              "path " + in_quotes(path) + " has " +
                  (unseen ? std::string(*unseen) + " where nobody sees it" : "a backslash") +
                  (check_path(likely) ? "; send " + in_quotes(likely) : ""));
}

Result<void> check_url(std::string_view url) {
  const auto refuse = [&](std::string_view flaw) {
    return fail(ErrorCode::kInvalid, "url " + url_in_quotes(url) + " " + std::string(flaw));
  };
  if (const auto flaw = is_utf8(url) ? flaw_around(url) : std::string(); !flaw.empty())
    return refuse(flaw);
  if (const auto flaw = flaw_of_scheme(url); !flaw.empty()) return refuse(flaw);
  if (url.size() > kMaxUrlBytes)
    return fail(ErrorCode::kInvalid, "url is longer than ", kMaxUrlBytes, " bytes");
  if (const auto flaw = flaw_of_template(url); !flaw.empty()) return refuse(flaw);
  if (std::ranges::any_of(url, [](char c) { return c == ' ' || is_control(c); }))
    return refuse("holds a space or a control character; percent-encode it: a space is %20");
  const auto host = url.substr(url.find("://") + 3);
  const auto authority = host.substr(0, host.find_first_of("/?#\\"));
  if (authority.empty()) return refuse("names no host");
  // libcurl is built without libidn2, and would ask for these bytes as they are.
  if (!is_ascii(authority.substr(authority.rfind('@') + 1)))
    return refuse("has a host outside ASCII; write its xn-- form, as `idn2 NAME` prints it");
  // Each of these would fetch something else than what was meant, or nothing.
  if (url.find("^&") != std::string_view::npos)
    return refuse("holds ^&, as cmd.exe wants it outside of quotes alone; write & for each");
  if (url.find('\\') != std::string_view::npos) return refuse("holds a backslash; write /");
  if (url.find("&amp;") != std::string_view::npos)
    return refuse("was copied from HTML; write & for each &amp;");
  if (url.find('#') != std::string_view::npos)
    return refuse("has a fragment, which no source gets to see; a # of a name is %23");
  return {};
}

Result<std::string> path_of_url(std::string_view url) {
  const auto segment = http::last_segment(url);
  if (segment.empty())
    return fail(ErrorCode::kInvalid, "url ", in_quotes(url),
                " ends without a file name; say where to put it with path=NAME");
  auto name = http::percent_decode(segment);
  if (!name) return name.error().in("url");
  if (name->find('/') != std::string::npos)
    return fail(ErrorCode::kInvalid, "url ", in_quotes(url),
                " has an encoded slash in its file name; say where to put it with path=NAME");
  if (!is_utf8(*name))
    return fail(ErrorCode::kInvalid, "url ", in_quotes(url),
                " ends in a name that is not UTF-8; say where to put it "
                "with path=NAME");
  return check_typed_path(*name);
}

}  // namespace okg::api
