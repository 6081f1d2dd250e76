#include "plugins/hot_update/update/update_warnings.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "content/archive/kind.hpp"
#include "content/url_expiry.hpp"

namespace okg::hot_update {

namespace {

bool is_named_as_archive(std::string_view name) {
  constexpr std::array<std::string_view, 18> kEndings{
      ".zip",     ".7z",      ".rar",    ".tar",    ".tgz",     ".tzst",
      ".txz",     ".tbz",     ".tbz2",   ".tar.gz", ".tar.zst", ".tar.xz",
      ".tar.bz2", ".tar.lz4", ".tar.lz", ".tar.br", ".tar.z",   ".taz"};
  const auto lower = to_lower(name);
  return std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return lower.ends_with(ending); });
}

std::string_view without_query(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

void warn_of_archive(Outcome& outcome) {
  outcome.warnings.push_back(warn(
      Reason::kStoredAsArchive,
      outcome.path + " is stored as the archive that it is; to publish the files that are in it, "
                     "send format=archive, and path for the folder that they belong in"));
}

bool is_named_as_data(std::string_view path) {
  constexpr std::array<std::string_view, 9> kPages{"html",  "htm",  "xhtml", "shtml", "phtml",
                                                   "mhtml", "tmpl", "tpl",   "php"};
  const auto dot = path.rfind('.');
  const auto slash = path.rfind('/');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash))
    return false;
  return std::ranges::find(kPages, to_lower(path.substr(dot + 1))) == kPages.end();
}

bool is_page(int fd) {
  std::array<char, 512> head{};
  const auto got = ::pread(fd, head.data(), head.size(), 0);
  std::string_view text(head.data(), static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  text = trimmed(text.starts_with("\ufeff") ? text.substr(3) : text, " \t\r\n");
  const auto begin = to_lower(text.substr(0, 14));
  return begin.starts_with("<!doctype html") || begin.starts_with("<html");
}

bool is_warned_of(const Outcome& outcome, Reason reason) {
  return std::ranges::any_of(
      outcome.warnings, [&](const auto& warning) { return warning.reason == to_string(reason); });
}

}  // namespace

void warn_if_url_expires(Outcome& outcome) {
  const auto expiry = content::url_expiry(outcome.url);
  if (!expiry) return;
  outcome.warnings.push_back(warn(
      Reason::kSourceAddressExpires,
      std::string(*expiry < now() ? "the URL expired at " : "the URL expires at ") +
          format_timestamp(*expiry) +
          "; a pod that starts later without this content cannot download it. Sign the URL for "
          "longer, or use one that does not expire"));
}

void warn_if_named_as_archive(Outcome& outcome) {
  if (is_named_as_archive(outcome.path) || is_named_as_archive(without_query(outcome.url)))
    warn_of_archive(outcome);
}

void warn_if_archive(Outcome& outcome, int fd) {
  const auto name = std::string_view(outcome.path).substr(outcome.path.rfind('/') + 1);
  const bool says_what_it_is = name.find('.') != std::string_view::npos;
  if (says_what_it_is || is_warned_of(outcome, Reason::kStoredAsArchive)) return;
  if (content::is_archive(fd)) warn_of_archive(outcome);
}

void warn_if_page(Outcome& outcome, int fd) {
  if (!is_named_as_data(outcome.path) || !is_page(fd)) return;
  outcome.warnings.push_back(
      warn(Reason::kStoredAsPage,
           outcome.path + " is stored as the HTML page that came: a login or an error page is "
                          "often answered with 200; check the URL, and send sha256 with the "
                          "update to have other bytes refused"));
}

void warn_of_unverified_signature(Outcome& outcome) {
  outcome.warnings.push_back(
      warn(Reason::kSignatureNotVerified,
           "a signature came with the update, and this sidecar verifies none; set "
           "signature.publicKeyFiles"));
}

bool is_unchanged(const Outcome& outcome, const LiveFile& before) {
  return before.entry.version != outcome.version && before.entry.sha256 &&
         before.entry.sha256->hex() == outcome.sha256;
}

void warn_of_unchanged_content(Outcome& outcome, const LiveFile& before) {
  outcome.warnings.push_back(
      warn(Reason::kContentUnchanged,
           "the content is byte for byte that of version " + before.entry.version +
               "; if it should differ, a cache answered with the old one: send the "
               "update again with force=true, which asks past caches"));
}

}  // namespace okg::hot_update
