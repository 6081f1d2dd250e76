#include "results/tree_json.hpp"

#include <algorithm>
#include <climits>

#include "base/json_members.hpp"

namespace okg::results {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxComponents = UINT_MAX;  // more than anybody checks for

}  // namespace

Json to_json(const TreeEntry& tree) {
  const auto& options = tree.options;
  Json json{{"format", to_string(options.format)}, {"mode", to_string(options.mode)}};
  if (options.strip_components > 0) json["stripComponents"] = options.strip_components;
  if (!options.include.empty()) json["include"] = options.include;
  if (!options.exclude.empty()) json["exclude"] = options.exclude;
  if (!options.name_encoding.empty()) json["nameEncoding"] = options.name_encoding;
  json["files"] = tree.files;
  json["bytes"] = tree.bytes;
  if (tree.digest) json["digest"] = tree.digest->hex();
  return json;
}

Result<TreeEntry> tree_from_json(const Json& json) {
  if (!json.is_object()) return fail(ErrorCode::kInvalid, "tree is not a JSON object");
  const auto format = parse_tree_format(text_of(json, "format"));
  const auto mode = parse_tree_mode(text_of(json, "mode"));
  if (!format || !mode)
    return fail(ErrorCode::kInvalid, "tree has a format or mode that this release does not know");
  TreeEntry tree;
  tree.options = {
      *format,
      *mode,
      static_cast<unsigned>(std::min(count_of(json, "stripComponents"), kMaxComponents)),
      texts_of(json, "include"),
      texts_of(json, "exclude"),
      text_of(json, "nameEncoding")};
  tree.files = count_of(json, "files");
  tree.bytes = count_of(json, "bytes");
  if (const auto hex = text_of(json, "digest"); !hex.empty()) {
    const auto digest = Sha256::parse(hex);
    if (!digest) return digest.error().in("tree digest");
    tree.digest = *digest;
  }
  return tree;
}

}  // namespace okg::results
