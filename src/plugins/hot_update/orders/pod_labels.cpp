#include "plugins/hot_update/orders/pod_labels.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/io/file.hpp"
#include "base/text.hpp"

namespace okg::hot_update {
namespace {

/// An object's metadata is bounded by etcd's 1.5 MiB.
constexpr std::size_t kMaxFileBytes = std::size_t{2} << 20U;

/// Takes `digits` hexadecimal digits off `text`.
std::optional<std::uint32_t> take_hex(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  std::uint32_t value = 0;
  const auto* const end = text.data() + digits;
  const auto read = std::from_chars(text.data(), end, value, 16);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

void add_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The character behind a backslash. @source https://go.dev/ref/spec#Rune_literals
bool take_escape(std::string_view& text, std::string& out) {
  if (text.empty()) return false;
  constexpr std::string_view kNames = "abfnrtv\\\"";
  constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\\"";
  const char name = text.front();
  text.remove_prefix(1);
  if (const auto at = kNames.find(name); at != std::string_view::npos) {
    out += kValues[at];
    return true;
  }
  const auto code = take_hex(text, name == 'x' ? 2 : name == 'u' ? 4 : 8);
  if (!code || (name != 'x' && name != 'u' && name != 'U') || *code > 0x10FFFF) return false;
  if (name == 'x')
    out += static_cast<char>(*code);  // a byte, of text that is not UTF-8
  else
    add_utf8(out, *code);
  return true;
}

/// The text between two quotes; nothing when it does not end with the second.
std::optional<std::string> unquoted(std::string_view text) {
  if (!text.starts_with('"')) return std::nullopt;
  text.remove_prefix(1);
  std::string value;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') return text.empty() ? std::optional(std::move(value)) : std::nullopt;
    if (c != '\\')
      value += c;
    else if (!take_escape(text, value))
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Result<std::map<std::string, std::string>> parse_pod_labels(std::string_view text) {
  std::map<std::string, std::string> labels;
  for (int number = 1; !text.empty(); ++number) {
    const auto line = take_until(text, "\n");
    if (line.empty()) continue;
    const auto equals = line.find('=');
    auto value =
        equals == std::string_view::npos ? std::nullopt : unquoted(line.substr(equals + 1));
    if (!value) return fail(ErrorCode::kInvalid, "line ", number, " is not key=\"value\"");
    labels[std::string(line.substr(0, equals))] = std::move(*value);
  }
  return labels;
}

Result<std::map<std::string, std::string>> read_pod_labels(const std::filesystem::path& file) {
  const auto text = read_file(file, kMaxFileBytes);
  if (!text) return text.error();
  return parse_pod_labels(*text);
}

}  // namespace okg::hot_update
