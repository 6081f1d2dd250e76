// Manifests of any kind: no file that leaves the folder, comes twice or is of another scheme than
// http is made of one. The first byte of the input says what is selected, the rest is the manifest.
#include <set>

#include "content/manifest/manifest.hpp"
#include "fuzz.hpp"

namespace {

void check(const okg::content::ManifestFile& file, std::set<std::string>& paths) {
  using okg::fuzz::require;
  require(!file.path.empty() && file.path.front() != '/', "a path is relative");
  require(okg::fuzz::is_printable(file.path), "a path holds no control character");
  require(paths.insert(file.path).second, "a file comes once");
  auto rest = std::string_view(file.path);
  while (!rest.empty()) {
    const auto part = okg::fuzz::take_until(rest, '/');
    require(!part.empty() && part != "." && part != "..", "a path stays in the folder");
  }
  const auto url = okg::content::url_of(file, "http://source/v1/manifest.json");
  require(!url || url->starts_with("http://") || url->starts_with("https://"), "a URL is of http");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  okg::content::Selection selection;
  if ((data[0] & 1U) != 0) selection = {1, {"*a*"}, {"b"}};
  okg::content::ArchiveLimits limits;
  limits.max_files.value = 50;
  limits.max_bytes.value = 1U << 20U;
  const auto files =
      okg::content::parse_manifest(okg::fuzz::text_of(data + 1, size - 1), selection, limits);
  if (!files) return 0;
  okg::fuzz::require(!files->empty() && files->size() <= limits.max_files.value,
                     "no more files than are allowed");
  std::set<std::string> paths;
  for (const auto& file : *files) check(file, paths);
  return 0;
}
