// Checks names as Kubernetes does, so that a wrong one is a
// mistake in the configuration and not a refused call later.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace okg::kube {

// Errors of all: kInvalid, saying what such a name consists of.
// @source https://kubernetes.io/docs/concepts/overview/working-with-objects/names/,
// …/labels/#syntax-and-character-set, …/annotations/

/// A DNS label: "kube-system".
[[nodiscard]] Result<void> check_namespace(std::string_view name);
/// A DNS subdomain: "sidecar-result".
[[nodiscard]] Result<void> check_object_name(std::string_view name);
/// "hot-update-version", "example.com/hot-update-version".
[[nodiscard]] Result<void> check_label_key(std::string_view key);
/// The same, but for the case of letters before the slash.
[[nodiscard]] Result<void> check_annotation_key(std::string_view key);

}  // namespace okg::kube
