#include "plugins/hot_update/update/obtain/suspicious_content.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/io/file.hpp"
#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "content/archive/kind.hpp"

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

/// In small letters.
std::string beginning_of(int fd) {
  const auto head = read_range(fd, 0, 512, "the content").value_or("");
  const std::string_view text = head;
  return to_lower(trimmed(text.starts_with("\ufeff") ? text.substr(3) : text, " \t\r\n"));
}

/// The kind of document that came instead of the file; empty: none.
/// @source https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
/// @source https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
std::string_view stand_in(std::string_view path, std::string_view begin) {
  const bool is_page = begin.starts_with("<!doctype html") || begin.starts_with("<html");
  if (is_page && is_named_as_data(path))
    return "HTML page that came: a login or an error page is often answered with 200; check the "
           "URL";
  const bool is_xml = begin.starts_with("<?xml") || begin.starts_with("<error>");
  if (is_xml && begin.find("<error>") < 64 && begin.find("<code>") != std::string_view::npos)
    return "error document of an object store that came with 200; check the URL, and what a CDN "
           "on the way makes of errors";
  if (begin.starts_with("version https://git-lfs.github.com/spec/"))
    return "Git LFS pointer that came; ask for the file itself, not for what the repository has";
  return {};
}

bool is_warned_of(const Outcome& outcome, Reason reason) {
  return std::ranges::any_of(
      outcome.warnings, [&](const auto& warning) { return warning.reason == to_string(reason); });
}

}  // namespace

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
  const auto what = stand_in(outcome.path, beginning_of(fd));
  if (what.empty()) return;
  outcome.warnings.push_back(
      warn(Reason::kStoredAsPage,
           concat(outcome.path, " is stored as the ", what,
                  ", and send sha256 with the update to have other bytes refused")));
}

}  // namespace okg::hot_update
