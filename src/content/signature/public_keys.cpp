#include "content/signature/public_keys.hpp"

#include "base/io/file.hpp"

namespace okg::content::signature {
namespace {

constexpr std::size_t kMaxKeyFileBytes = 4096;

}  // namespace

Result<Setting<std::vector<PublicKey>>> read_keys(
    const Setting<std::vector<std::filesystem::path>>& paths) {
  Setting<std::vector<PublicKey>> keys{{}, paths.key};
  for (const auto& path : paths.value) {
    const auto text = read_file(path, kMaxKeyFileBytes);
    if (!text) return text.error().in(paths.key);
    const auto key = parse_public_key(*text);
    if (!key) return key.error().in(path.string());
    keys.value.push_back(*key);
  }
  return keys;
}

}  // namespace okg::content::signature
