#include "source/source_headers.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "source/secret_file.hpp"

namespace okg::source {
namespace {

constexpr std::size_t kMaxHeaderFileBytes = std::size_t{16} << 10U;

/// The sidecar sends these itself: the host, and the part it asks for.
constexpr std::array<std::string_view, 9> kOwn{
    "Host",     "Range",          "If-Range",          "If-None-Match", "If-Modified-Since",
    "If-Match", "Content-Length", "Transfer-Encoding", "Connection"};

bool is_name(std::string_view text) {
  return !text.empty() && has_only_alphanumeric_or("-_", text);
}

bool is_value(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_own(std::string_view name) {
  return std::ranges::any_of(
      kOwn, [&](std::string_view each) { return equals_ignoring_case(each, name); });
}

std::optional<http::Header> header_of(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1), " \t");
  if (!is_name(name) || is_own(name) || !is_value(value)) return std::nullopt;
  return http::Header{std::string(name), std::string(value)};
}

Result<http::Headers> read_headers(const SecretFile& file) {
  const auto text = file.read(kMaxHeaderFileBytes);
  if (!text) return text.error();
  http::Headers headers;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto line = trimmed(take_until(rest, "\n"), " \t\r");
    if (line.empty()) continue;
    auto header = header_of(line);
    if (!header)
      return file.unusable(
          "has a line that is no header for a source, like Authorization: Bearer TOKEN");
    headers.push_back(std::move(*header));
  }
  if (headers.empty()) return file.unusable("has no header");
  return headers;
}

}  // namespace

Result<http::Headers> headers_for(const Setting<std::vector<HeaderFile>>& files,
                                  const http::Url& url) {
  const auto found = std::ranges::find_if(
      files.value, [&](const HeaderFile& each) { return each.urls.holds(url); });
  if (found == files.value.end()) return http::Headers{};
  return read_headers({files.key, found->file});
}

}  // namespace okg::source
