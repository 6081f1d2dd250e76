#include "base/io/path.hpp"

#include <string>

namespace okg {
namespace {

std::string with_last_slash(const std::filesystem::path& path) {
  return (path / "").lexically_normal().string();
}

}  // namespace

bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return with_last_slash(path).starts_with(with_last_slash(folder));
}

}  // namespace okg
