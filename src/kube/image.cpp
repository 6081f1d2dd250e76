#include "kube/image.hpp"

namespace okg::kube {
namespace {

constexpr std::string_view kScheme = "://";
constexpr std::string_view kDigest = "sha256:";

/// True when a name's first part is a registry,
/// and not a folder of the default one.
bool is_registry(std::string_view part) {
  return part == "localhost" || part.find_first_of(".:") != std::string_view::npos;
}

std::string with_registry(std::string_view repository) {
  const auto slash = repository.find('/');
  const auto first = repository.substr(0, slash);
  if (slash == std::string_view::npos) return "docker.io/library/" + std::string(repository);
  if (!is_registry(first)) return "docker.io/" + std::string(repository);
  if (first != "docker.io" && first != "index.docker.io") return std::string(repository);
  const auto rest = repository.substr(slash + 1);
  const bool is_official = rest.find('/') == std::string_view::npos;
  return "docker.io/" + std::string(is_official ? "library/" : "") + std::string(rest);
}

}  // namespace

Image parse_image(std::string_view name) {
  if (const auto scheme = name.find(kScheme); scheme != std::string_view::npos)
    name.remove_prefix(scheme + kScheme.size());
  if (name.starts_with(kDigest)) return {"", "", std::string(name)};
  Image image;
  if (const auto at = name.find('@'); at != std::string_view::npos) {
    image.digest = name.substr(at + 1);
    name = name.substr(0, at);
  }
  const auto colon = name.rfind(':');
  if (colon != std::string_view::npos && name.find('/', colon) == std::string_view::npos) {
    image.tag = name.substr(colon + 1);
    name = name.substr(0, colon);
  } else if (image.digest.empty()) {
    image.tag = "latest";
  }
  image.repository = with_registry(name);
  return image;
}

bool is_named(const Image& run, const Image& wanted) {
  const bool is_of_repository = run.repository == wanted.repository;
  if (wanted.digest.empty()) return is_of_repository && run.tag == wanted.tag;
  return run.digest == wanted.digest &&
         (is_of_repository || wanted.repository.empty() || run.repository.empty());
}

}  // namespace okg::kube
