#include "source/url_prefix.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text/visible.hpp"
#include "http/form.hpp"
#include "http/ip_address.hpp"

namespace okg::source {
namespace {

constexpr std::string_view kWildcard = "://*.";

Error no_prefix(std::string_view text, const std::string& why) {
  return fail(ErrorCode::kInvalid, "'", visible(text), "' is no prefix of URLs: ", why,
              "; write it like https://cdn.example.com/game/ or "
              "https://*.example.com");
}

/// ".." also with a parameter, which Java servers cut off.
bool is_dots(std::string_view segment) {
  segment = segment.substr(0, segment.find(';'));
  return segment == "." || segment == "..";
}

bool leaves_its_folder(std::string_view segment) {
  return is_dots(segment) || std::ranges::any_of(segment, [](char c) {
           return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
         });
}

/// The segment as a server reads it; nothing where it may
/// read several. Some decode twice, so that all forms count.
std::optional<std::string> read_segment(std::string_view raw) {
  auto form = http::percent_decode(raw);
  if (!form) return std::nullopt;
  auto first = *form;
  for (auto text = std::move(first);;) {
    if (leaves_its_folder(text)) return std::nullopt;
    const auto next = http::percent_decode(text);
    if (!next || *next == text) break;
    text = *next;
  }
  return *form;
}

/// "/a/b%20c/d" -> a, "b c", d. Nothing where it is not clear which folder that is.
std::optional<std::vector<std::string>> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  for (path.remove_prefix(1);;) {
    const auto slash = std::min(path.find('/'), path.size());
    auto segment = read_segment(path.substr(0, slash));
    if (!segment) return std::nullopt;
    segments.push_back(std::move(*segment));
    if (slash == path.size()) return segments;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

Result<UrlPrefix> UrlPrefix::parse(std::string_view text) {
  std::string plain(text);
  const auto star = plain.find(kWildcard);
  const bool is_wildcard = star != std::string::npos && star == plain.find("://");
  if (is_wildcard) plain.erase(star + 3, 2);
  if (plain.find_first_of("?#*\\@") != std::string::npos)
    return no_prefix(text, "it has a user, a query, a fragment, or a * elsewhere than in front");
  if (!plain.starts_with("http://") && !plain.starts_with("https://"))
    return no_prefix(text, "it begins with neither https:// nor http://");
  auto url = http::Url::parse(plain);
  if (!url) return no_prefix(text, url.error().message);
  auto folders = segments_of(url->path());
  if (!folders) return no_prefix(text, "its path is not clear");
  while (!folders->empty() && folders->back().empty()) folders->pop_back();
  if (is_wildcard && http::IpAddress::parse_host(url->host()))
    return no_prefix(text, "an address has no names below it");
  UrlPrefix prefix(std::string(text), std::move(*url));
  prefix.is_wildcard_ = is_wildcard;
  prefix.folders_ = std::move(*folders);
  return prefix;
}

bool UrlPrefix::holds_host(const http::Url& url) const {
  if (is_wildcard_)
    return url.host().size() > url_.host().size() + 1 && url.host().ends_with("." + url_.host());
  if (url.host() == url_.host()) return true;
  const auto address = http::IpAddress::parse_host(url.host());
  return address && address == http::IpAddress::parse_host(url_.host());
}

bool UrlPrefix::holds_path(const http::Url& url) const {
  if (folders_.empty()) return true;
  const auto segments = segments_of(url.path());
  return segments && segments->size() >= folders_.size() &&
         std::equal(folders_.begin(), folders_.end(), segments->begin());
}

bool UrlPrefix::holds(const http::Url& url) const {
  return url.scheme() == url_.scheme() && url.port() == url_.port() && holds_host(url) &&
         holds_path(url);
}

}  // namespace okg::source
