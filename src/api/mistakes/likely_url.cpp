#include "api/mistakes/likely_url.hpp"

#include <algorithm>
#include <array>

#include "api/mistakes/look_alike.hpp"
#include "api/mistakes/unseen.hpp"
#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/in_quotes.hpp"
#include "http/form.hpp"

namespace okg::api {
namespace {

constexpr auto npos = std::string_view::npos;

/// What stands around a URL in a chat, a document or a shell.
constexpr std::array<std::string_view, 13> kWraps{"\"",     "'",      "`",      "<",      ">",
                                                  "\u201c", "\u201d", "\u2018", "\u2019", "\u300a",
                                                  "\u300b", "\u300c", "\u300d"};

std::string unwrapped(std::string_view url) {
  auto text = without_unseen(url);
  const auto size_of = [](auto is_there) {
    const auto* found = std::ranges::find_if(kWraps, is_there);
    return found == kWraps.end() ? std::size_t{0} : found->size();
  };
  const auto begin = size_of([&](auto each) { return text.starts_with(each); });
  if (begin == 0) return text;  // a quote at its end alone may belong to it
  text.erase(0, begin);
  text.erase(text.size() - size_of([&](auto each) { return text.ends_with(each); }));
  return without_unseen(text);
}

bool has_scheme(std::string_view url) {
  static constexpr std::array<std::string_view, 3> kSchemes{"http", "https", "s3"};
  const auto end = url.find("://");
  return end != npos && std::ranges::any_of(kSchemes, [&](auto each) {
           return equals_ignoring_case(url.substr(0, end), each);
         });
}

/// "http：／／h/a" -> "http://h/a".
std::string with_ascii(std::string_view url) {
  const auto text = in_ascii(url);
  return text != url && has_scheme(text) ? text : "";
}

/// R"(https:\/\/h\/a)", as some write JSON, -> "https://h/a".
std::string without_backslashes(std::string_view url) {
  std::string text(url);
  for (auto at = text.find("\\/"); at != std::string::npos; at = text.find("\\/", at))
    text.erase(at, 1);
  return text.size() < url.size() && has_scheme(text) ? text : "";
}

/// "https%3A%2F%2Fh%2Fa" -> "https://h/a".
std::string decoded(std::string_view url) {
  const auto text = http::percent_decode(url);
  return text && has_scheme(*text) ? *text : "";
}

/// "http:/h/a" -> "http://h/a".
std::string with_slashes(std::string_view url) {
  const auto colon = url.find(':');
  const auto scheme = to_lower(url.substr(0, colon));
  const auto host = colon == npos ? npos : url.find_first_not_of('/', colon + 1);
  if ((scheme != "http" && scheme != "https") || host == npos) return "";
  return scheme + "://" + std::string(url.substr(host));
}

/// "h.example/a" -> "https://h.example/a".
std::string with_scheme(std::string_view url) {
  const auto host = url.substr(0, url.find_first_of("/:?"));
  const bool is_host = (host.find('.') != npos || host == "localhost") && host.find('%') == npos;
  return is_host && url.find("://") == npos ? "https://" + std::string(url) : "";
}

}  // namespace

std::string url_in_quotes(std::string_view url) {
  static constexpr std::string_view kScheme = "x://";
  if (url.find("://") != npos) return in_quotes(url);
  return in_quotes(std::string(kScheme) + std::string(url)).erase(1, kScheme.size());
}

namespace {

/// "https://h/a，" out of a sentence; a name that ends so can be percent-encoded.
std::string flaw_at_end(std::string_view url) {
  static constexpr std::array<std::string_view, 4> kEnds{"\uff0c", "\u3002", "\uff1b", "\u3001"};
  for (const auto& each : kEnds)
    if (url.ends_with(each))
      return concat("ends with '", each, "'; send ",
                    url_in_quotes(url.substr(0, url.size() - each.size())));
  return {};
}

}  // namespace

std::string flaw_around(std::string_view url) {
  const auto likely = unwrapped(url);
  // What holds a URL and more besides is not one that lost its quotes.
  if (likely == url) return flaw_at_end(url);
  if (likely.empty() || likely.find_first_of("<>'\" ") != npos) return "";
  const auto unseen = first_unseen(url);
  return (unseen ? "has " + std::string(*unseen) : std::string("stands in quotes or brackets")) +
         "; send " + url_in_quotes(likely);
}

std::string flaw_of_scheme(std::string_view url) {
  if (has_scheme(url)) return "";
  auto likely = with_ascii(url);
  if (likely.empty()) likely = without_backslashes(url);
  if (likely.empty()) likely = decoded(url);
  if (likely.empty()) likely = with_slashes(url);
  if (likely.empty()) likely = with_scheme(url);
  return "is not an http or https URL, nor one like s3://bucket/key" +
         (likely.empty() ? "" : "; send it like " + in_quotes(likely));
}

}  // namespace okg::api
