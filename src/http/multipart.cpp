#include "http/multipart.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace okg::http {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view kBroken = "the multipart body is broken: ";

constexpr std::size_t kMaxShownBytes = 40;
constexpr std::string_view kBlanks = " \t";

/// The value that `rest` begins with, unquoted; what it used is taken off `rest`.
std::string take_value(std::string_view& rest) {
  std::string value;
  if (!rest.starts_with('"')) {
    const auto end = std::min(rest.find(';'), rest.size());
    value = std::string(trimmed(rest.substr(0, end), kBlanks));
    rest.remove_prefix(end);
    return value;
  }
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    value += rest[at];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return value;
}

/// A parameter of a header: parameter("form-data; name=\"a\"", "name") is "a".
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  for (auto rest = header.substr(std::min(header.find(';'), header.size())); !rest.empty();) {
    rest.remove_prefix(1);
    const auto equals = rest.find_first_of("=;");
    if (equals == npos) return std::nullopt;
    const auto key = trimmed(rest.substr(0, equals), kBlanks);
    rest.remove_prefix(equals);
    if (rest.front() == ';') continue;
    rest.remove_prefix(1);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    auto value = take_value(rest);
    if (equals_ignoring_case(key, name)) return value;
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return std::nullopt;
}

/// The value of one header in the lines before
/// a part's content; empty when there is none.
std::string_view header_of(std::string_view lines, std::string_view name) {
  while (!lines.empty()) {
    const auto end = std::min(lines.find("\r\n"), lines.size());
    const auto line = lines.substr(0, end);
    const auto colon = std::min(line.find(':'), line.size());
    if (equals_ignoring_case(line.substr(0, colon), name))
      return trimmed(line.substr(std::min(colon + 1, line.size())), kBlanks);
    lines.remove_prefix(std::min(end + 2, lines.size()));
  }
  return {};
}

/// These encodings alone leave the content as it is. @source RFC 7578, 4.7
bool is_plain(std::string_view encoding) {
  static constexpr std::array<std::string_view, 4> kPlain{"", "7bit", "8bit", "binary"};
  return std::ranges::any_of(
      kPlain, [&](std::string_view each) { return equals_ignoring_case(encoding, each); });
}

/// A part: header lines, an empty line, content.
Result<FormPart> parse_part(std::string_view part) {
  const auto head_end = part.starts_with("\r\n") ? 0 : part.find("\r\n\r\n");
  if (head_end == npos) return fail(ErrorCode::kInvalid, kBroken, "a part has no empty line");
  const auto lines = part.substr(0, head_end);
  const auto encoding = header_of(lines, "Content-Transfer-Encoding");
  if (!is_plain(encoding))
    return fail(ErrorCode::kInvalid, "a part of the multipart body is encoded (",
                shortened(encoding, kMaxShownBytes), "); send it as it is");
  const auto disposition = header_of(lines, "Content-Disposition");
  auto name = parameter(disposition, "name");
  if (!name) return fail(ErrorCode::kInvalid, kBroken, "a part has no name");
  const bool is_file = parameter(disposition, "filename").has_value();
  const auto content = part.substr(head_end + (head_end == 0 ? 2 : 4));
  return FormPart{std::move(*name), std::string(content), is_file};
}

Error cut_short(std::string_view body) {
  return fail(ErrorCode::kInvalid, kBroken,
              body.find("\r\n") == npos ? "its lines have to end with CR LF, as curl -F ends them"
                                        : "it ends before its last boundary");
}

/// Takes the line end after a boundary; white space may stand before it.
bool take_line_end(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  if (end == npos || !trimmed(rest.substr(0, end), kBlanks).empty()) return false;
  rest.remove_prefix(end + 2);
  return true;
}

}  // namespace

Result<std::vector<FormPart>> parse_multipart(std::string_view content_type,
                                              std::string_view body) {
  const auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty())
    return fail(ErrorCode::kInvalid, "multipart/form-data needs a boundary in Content-Type");
  const auto delimiter = "\r\n--" + *boundary;
  // The first delimiter may stand at the very beginning, without a line before it.
  auto rest = body;
  const auto preamble = rest.starts_with("--" + *boundary) ? npos : rest.find(delimiter);
  if (preamble == npos && !rest.starts_with("--" + *boundary))
    return fail(ErrorCode::kInvalid, kBroken, "its boundary does not occur");
  rest.remove_prefix(preamble == npos ? delimiter.size() - 2 : preamble + delimiter.size());

  std::vector<FormPart> parts;
  while (!rest.starts_with("--")) {
    const bool begins = take_line_end(rest);
    const auto end = begins ? rest.find(delimiter) : npos;
    if (end == npos) return cut_short(body);
    auto part = parse_part(rest.substr(0, end));
    if (!part) return part.error();
    parts.push_back(std::move(*part));
    rest.remove_prefix(end + delimiter.size());
  }
  return parts;
}

}  // namespace okg::http
