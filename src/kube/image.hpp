// Names of container images, as pods' specs and statuses have them.
#pragma once

#include <string>
#include <string_view>

namespace okg::kube {

/// The parts of an image's name. Two names of one image are equal here.
struct Image {
  std::string repository;  ///< with its registry: "docker.io/library/nginx"; empty: only a digest
  std::string tag;         ///< "latest" where neither tag nor digest is named
  std::string digest;      ///< "sha256:…"; empty: by tag alone
};

/// Reads "nginx", "registry:5000/game:v3", "game:v3@sha256:…", "sha256:…"
/// and "docker-pullable://game@sha256:…".
/// @source https://github.com/distribution/reference, normalize.go: the defaults of registry,
/// namespace and tag
[[nodiscard]] Image parse_image(std::string_view name);

/// True when `run` is the image that `wanted` names: by its digest
/// where `wanted` has one, else by repository and tag.
[[nodiscard]] bool is_named(const Image& run, const Image& wanted);

}  // namespace okg::kube
