#include "bundle/write.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "bundle/listing.hpp"
#include "bundle/output.hpp"
#include "bundle/packer.hpp"
#include "bundle/tar_writer.hpp"
#include "content/manifest/manifest.hpp"

namespace okg::bundle {
namespace {

using Json = nlohmann::ordered_json;

Result<void> add(TarWriter& tar, const std::filesystem::path& folder, const Item& item) {
  if (auto ok = tar.begin(item); !ok) return ok;
  if (item.kind != Kind::kFile) return {};
  auto ok = read_item(folder, item, [&](auto bytes) { return tar.write(bytes); });
  if (!ok) return ok;
  return tar.end(item);
}

Result<std::string> line_of(const std::filesystem::path& folder, const Item& item,
                            const std::string& base_url) {
  Sha256Stream hash;
  const auto ok = read_item(folder, item, [&](auto bytes) {
    hash.update(bytes);
    return Result<void>();
  });
  if (!ok) return ok.error();
  return to_text(Json{{"path", item.path},
                      {"sha256", hash.finish().hex()},
                      {"bytes", item.bytes},
                      {"mode", item.is_executable ? "0755" : "0644"},
                      {"url", base_url + content::path_as_url(item.path)}});
}

/// Paths are put behind it as they are, so that it can have no query.
Result<void> check_base(const std::string& base_url) {
  const auto wrong = [&](const std::string& why) {
    return fail(ErrorCode::kInvalid, "--base-url '" + base_url + "' " + why);
  };
  const auto is_never_in_url = [](unsigned char c) { return c <= 0x20 || c >= 0x7f; };
  if (std::any_of(base_url.begin(), base_url.end(), is_never_in_url) ||
      base_url.find_first_of("\\\"<>^`{|}") != std::string::npos)
    return wrong("has a character that no URL has; write it as %20 and the like");
  if (base_url.find_first_of("?#") != std::string::npos)
    return wrong("has a query or a fragment, behind which no path can stand");
  const auto scheme = base_url.substr(0, std::min(base_url.find("://"), base_url.size()));
  if (scheme != base_url && scheme != "http" && scheme != "https" && scheme != "s3")
    return wrong("is none of http, https or s3");
  return {};
}

bool is_empty_folder(const std::vector<Item>& items, const Item& item) {
  if (item.kind != Kind::kFolder) return false;
  const auto inside = item.path + "/";
  const auto first = std::ranges::lower_bound(items, inside, {}, &Item::path);
  return first == items.end() || !first->path.starts_with(inside);
}

}  // namespace

Result<Sha256> write_archive(const std::filesystem::path& folder,
                             const std::filesystem::path& archive) {
  const auto items = list_folder(folder, archive);
  if (!items) return items.error();
  auto output = Output::create(archive);
  if (!output) return output.error();
  const Take to_file = [&](auto bytes) { return output->write(bytes); };
  auto packer = Packer::for_name(archive, to_file);
  if (!packer) return packer.error();
  const Take to_packer = [&](auto bytes) { return (*packer)->write(bytes); };
  TarWriter tar(to_packer);
  for (const auto& item : *items)
    if (auto ok = add(tar, folder, item); !ok) return ok.error();
  if (auto ok = tar.finish(); !ok) return ok.error();
  if (auto ok = (*packer)->finish(); !ok) return ok.error();
  return output->finish();
}

Result<ManifestText> manifest_of(const std::filesystem::path& folder, std::string base_url,
                                 const std::filesystem::path& but) {
  if (auto ok = check_base(base_url); !ok) return ok.error();
  if (!base_url.empty() && !base_url.ends_with('/')) base_url += '/';
  const auto items = list_folder(folder, but);
  if (!items) return items.error();
  ManifestText text{"{\"files\":["};
  const char* separator = "\n";
  for (const auto& item : *items) {
    if (item.kind == Kind::kSymlink)
      return fail(ErrorCode::kInvalid, (folder / item.path).string(),
                  " is a symlink; a manifest lists files, pack it instead");
    if (is_empty_folder(*items, item)) ++text.empty_folders;
    if (item.kind != Kind::kFile) continue;
    const auto line = line_of(folder, item, base_url);
    if (!line) return line.error();
    text.json += separator + *line;
    separator = ",\n";
  }
  text.json += "\n]}\n";
  return text;
}

}  // namespace okg::bundle
