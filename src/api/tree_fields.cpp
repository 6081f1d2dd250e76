#include "api/tree_fields.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "api/checks.hpp"
#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/in_quotes.hpp"

namespace okg::api {
namespace {

constexpr std::size_t kMaxGlobs = 64;
constexpr std::size_t kMaxGlobBytes = 256;
constexpr unsigned kMaxStripComponents = 100;
constexpr std::string_view kGbk = "gbk";

std::string field_of(const Fields& fields, std::string_view name) {
  const auto found = fields.find(std::string(name));
  return found == fields.end() ? std::string() : found->second;
}

Error wrong(std::string_view name, const std::string& value, std::string_view expected) {
  return fail(ErrorCode::kInvalid, Reason::kInvalidField, name, " is ", in_quotes(value),
              "; it can be ", expected);
}

Error wrong_strip_components(const std::string& value) {
  return wrong("stripComponents", value, concat("a number from 0 to ", kMaxStripComponents));
}

Result<void> check_globs(std::string_view name, const std::vector<std::string>& globs) {
  for (const auto& glob : globs)
    if (glob.size() > kMaxGlobBytes || glob.starts_with('/'))
      return wrong(name, glob, "globs of paths below the folder, like *.lua,maps/**");
  if (globs.size() <= kMaxGlobs) return {};
  return fail(ErrorCode::kInvalid, Reason::kInvalidField, name, " has more than ", kMaxGlobs,
              " globs");
}

/// Of a glob that no path matches, so that what was to be left out would be published.
/// Empty: there is none.
std::string flaw_of_glob(std::string_view glob) {
  if (glob.starts_with('!')) return "globs are not negated; use include and exclude";
  if (glob.find('\\') != std::string_view::npos) return "write / between folders";
  if (std::ranges::count(glob, '{') != std::ranges::count(glob, '}'))
    return "a list in braces is not known; give each glob by itself";
  if (glob.ends_with('/')) return concat("send ", in_quotes(concat(glob, "**")));
  for (auto rest = glob; !rest.empty();) {
    const auto part = rest.substr(0, rest.find('/'));
    if (part.empty() || part == "." || part == "..")
      return "no path has such a part; begin below the folder, like maps/**";
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return {};
}

Result<std::vector<std::string>> globs_of(const Fields& fields, std::string_view name) {
  std::vector<std::string> globs;
  auto rest = field_of(fields, name);
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    auto glob = rest.substr(0, end);
    rest.erase(0, end + 1);
    glob = trimmed(glob, " ");  // behind a comma, as people write lists
    if (!glob.empty()) globs.push_back(std::move(glob));
  }
  if (auto ok = check_globs(name, globs); !ok) return ok.error();
  for (const auto& glob : globs)
    if (const auto flaw = flaw_of_glob(glob); !flaw.empty())
      return fail(ErrorCode::kInvalid, Reason::kInvalidField, name, " has ", in_quotes(glob),
                  ", which no path matches: ", flaw);
  return globs;
}

std::string joined(const std::vector<std::string>& globs) {
  std::string text;
  for (const auto& glob : globs) append_listed(text, ",", glob);
  return text;
}

Result<void> read_naming(const Fields& fields, results::TreeOptions& options) {
  if (const auto text = field_of(fields, "stripComponents"); !text.empty()) {
    const auto count = parse_whole<unsigned>(text);
    if (!count || *count > kMaxStripComponents) return wrong_strip_components(text);
    options.strip_components = *count;
  }
  const auto encoding = to_lower(field_of(fields, "nameEncoding"));
  if (encoding == kGbk)
    options.name_encoding = encoding;
  else if (!encoding.empty() && encoding != "utf-8" && encoding != "utf8")
    return wrong("nameEncoding", encoding, "utf-8 or gbk");
  return {};
}

}  // namespace

Result<std::optional<results::TreeOptions>> parse_tree(const Fields& fields) {
  const auto format = field_of(fields, "format");
  if (format.empty() || format == "file") {
    for (const auto name : kTreeFields)
      if (fields.contains(std::string(name)))
        return fail(ErrorCode::kInvalid, Reason::kInvalidField, name,
                    " is of folders; send format=archive or format=manifest with it");
    return std::optional<results::TreeOptions>();
  }
  results::TreeOptions options;
  const auto parsed = results::parse_tree_format(format);
  if (!parsed) return wrong("format", format, "file, archive or manifest");
  options.format = *parsed;
  if (const auto text = field_of(fields, "mode"); !text.empty()) {
    const auto mode = results::parse_tree_mode(text);
    if (!mode) return wrong("mode", text, "mirror or overlay");
    options.mode = *mode;
  }
  if (auto ok = read_naming(fields, options); !ok) return ok.error();
  auto include = globs_of(fields, "include");
  if (!include) return include.error();
  options.include = std::move(*include);
  auto exclude = globs_of(fields, "exclude");
  if (!exclude) return exclude.error();
  options.exclude = std::move(*exclude);
  return std::optional(std::move(options));
}

Result<void> check_tree(const results::TreeOptions& options) {
  if (options.strip_components > kMaxStripComponents)
    return wrong_strip_components(std::to_string(options.strip_components));
  if (!options.name_encoding.empty() && options.name_encoding != kGbk)
    return wrong("nameEncoding", options.name_encoding, "utf-8 or gbk");
  if (auto ok = check_globs("include", options.include); !ok) return ok;
  return check_globs("exclude", options.exclude);
}

Result<std::string> tree_path(const Fields& fields) {
  auto path = field_of(fields, "path");
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (path.empty() || path == results::kWholeDirectory)
    return std::string(results::kWholeDirectory);
  return check_typed_path(path);
}

void add_tree(const results::TreeOptions& options, Fields& fields) {
  fields["format"] = results::to_string(options.format);
  if (options.mode != results::TreeMode::kMirror) fields["mode"] = results::to_string(options.mode);
  if (options.strip_components > 0)
    fields["stripComponents"] = std::to_string(options.strip_components);
  if (!options.include.empty()) fields["include"] = joined(options.include);
  if (!options.exclude.empty()) fields["exclude"] = joined(options.exclude);
  if (!options.name_encoding.empty()) fields["nameEncoding"] = options.name_encoding;
}

}  // namespace okg::api
