#include "content/archive/name.hpp"

#include <iconv.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/length_limits.hpp"
#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/visible.hpp"
#include "content/archive/unsafe.hpp"

namespace okg::content {
namespace {

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

Error refuse(std::string_view name, std::string_view why, std::string_view what = "archive") {
  return unsafe("the " + std::string(what) + "'s entry '" +
                visible(name.substr(0, kMaxShownNameBytes)) + "' " + std::string(why));
}

Result<void> check_text(std::string_view name, std::string_view what) {
  if (std::ranges::any_of(name, is_control))
    return refuse(name, "has a NUL or another control character in its name", what);
  if (name.find('\\') != std::string_view::npos)
    return refuse(name, "has a backslash in its name; pack it with slashes", what);
  const bool is_plain = is_printable_ascii(name);
  if (!is_plain && !is_utf8(name))
    return refuse(name,
                  "has a name that is not UTF-8; rename it before it is packed (nameEncoding is of "
                  "zips alone)",
                  what);
  if (!is_plain && visible(name) != name)
    return refuse(name, "has an invisible or text direction character in its name", what);
  if (name.starts_with('/')) return refuse(name, "has an absolute name", what);
  return {};
}

Result<std::string> from_gbk(const std::string& raw) {
  const auto converter = ::iconv_open("UTF-8", "GBK");
  if (converter == reinterpret_cast<iconv_t>(-1))  // NOLINT(performance-no-int-to-ptr)
    return unsafe("names in GBK cannot be read here: this system's iconv lacks it");
  std::string text(raw.size() * 3, '\0');
  auto* from = const_cast<char*>(raw.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  auto* to = text.data();
  auto from_left = raw.size();
  auto to_left = text.size();
  const auto done = ::iconv(converter, &from, &from_left, &to, &to_left);
  ::iconv_close(converter);
  if (done == static_cast<std::size_t>(-1))
    return refuse(raw, "has a name that is neither UTF-8 nor GBK");
  text.resize(text.size() - to_left);
  return text;
}

}  // namespace

Result<std::string> clean_name(std::string_view name, std::string_view what) {
  if (auto ok = check_text(name, what); !ok) return ok.error();
  std::string clean;
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('/', begin), name.size());
    const auto part = name.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..")
      return refuse(name, "has '..' in its name, which would leave the folder", what);
    if (part.size() > kMaxNameBytes)
      return refuse(name, concat("has a name longer than ", kMaxNameBytes, " bytes"), what);
    clean.append(clean.empty() ? "" : "/").append(part);
  }
  if (clean.size() > kMaxPathBytes)
    return refuse(name, concat("has a path longer than ", kMaxPathBytes, " bytes"), what);
  return clean;
}

Result<std::string> decode_name(const std::string& raw, bool says_utf8, NameEncoding encoding) {
  if (says_utf8 || encoding == NameEncoding::kUtf8) {
    if (is_utf8(raw)) return raw;
    return refuse(raw,
                  "has a name that is not UTF-8; a zip of a Chinese Windows needs "
                  "nameEncoding=gbk");
  }
  return from_gbk(raw);
}

std::string collision_key(const std::string& path) {
  constexpr auto kOptions =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  // Nothing of it can be composed.
  if (is_printable_ascii(path)) return to_lower(path);
  utf8proc_uint8_t* folded = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(path.data()),
                                   static_cast<utf8proc_ssize_t>(path.size()), &folded, kOptions);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(folded, &std::free);
  if (length < 0) return path;
  return {reinterpret_cast<const char*>(folded), static_cast<std::size_t>(length)};
}

Result<void> check_link_target(std::string_view path, std::string_view target,
                               std::string_view what) {
  const auto refused = [&](std::string_view why) {
    return unsafe("the " + std::string(what) + "'s symlink '" + std::string(path) + "' " +
                  std::string(why));
  };
  if (target.empty()) return refused("leads nowhere: its target is empty");
  if (target.size() > kMaxPathBytes)
    return refused(concat("has a target longer than ", kMaxPathBytes, " bytes"));
  if (!is_utf8(target) || visible(target) != target)
    return refused(
        "has a target that is not UTF-8, or with a control, invisible or text direction "
        "character");
  if (target.find('\\') != std::string_view::npos) return refused("has a backslash in its target");
  if (!stays_inside(path, target)) return refused("leads out of the folder");
  return {};
}

bool stays_inside(std::string_view path, std::string_view target) {
  if (target.empty() || target.front() == '/') return false;
  auto depth = std::ranges::count(path, '/');
  bool climbs = true;
  for (std::size_t begin = 0; begin <= target.size();) {
    const auto end = std::min(target.find('/', begin), target.size());
    const auto part = target.substr(begin, end - begin);
    begin = end + 1;
    if (part == "..") {
      if (!climbs || --depth < 0) return false;
    } else if (!part.empty() && part != ".") {
      climbs = false;
    }
  }
  return true;
}

}  // namespace okg::content
