// Names of container images, as pods' specs and statuses have them.
#pragma once

#include <string>
#include <string_view>

namespace okg::kube {

/// What a name of an image says. Two names of one image are equal here.
struct Image {
  std::string repository;  ///< with its registry: "docker.io/library/nginx"; empty: only a digest
  std::string tag;         ///< "latest" where neither tag nor digest is named
  std::string digest;      ///< "sha256:…"; empty: by tag alone
};

/// Of "nginx", "registry:5000/game:v3", "game:v3@sha256:…", "sha256:…"
/// and "docker-pullable://game@sha256:…".
/// @source https://github.com/distribution/reference, normalize.go: the defaults of registry,
/// namespace and tag
[[nodiscard]] Image parse_image(std::string_view name);

/// Whether `run` is what `wanted` names: by its digest
/// where `wanted` has one, else by repository and tag.
[[nodiscard]] bool is_named(const Image& run, const Image& wanted);

}  // namespace okg::kube
