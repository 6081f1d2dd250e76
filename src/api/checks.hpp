// What versions, paths and URLs may be.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::api {

/// 1 to 63 letters, digits, '.', '_', '-', beginning and ending with a letter or digit.
/// @source
/// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
Result<void> check_version(std::string_view version);

/// The name of an image ("registry.example.com/game:v3",
/// "…@sha256:…") or a digest ("sha256:…").
Result<void> check_until(std::string_view image);

/// A path under the shared directory, as it is kept and
/// compared: no empty, "." or ".." part, no control
/// character, not absolute.
Result<std::string> check_path(std::string_view path);

/// A path as people type it. Refuses also what is a mistake
/// though a file could be named so: a backslash, a part with
/// a space at either end, text that is not visible UTF-8.
Result<std::string> check_typed_path(std::string_view path);

/// http, https or s3, with a host, in one word of at most 8 KiB, without a fragment.
Result<void> check_url(std::string_view url);

/// The last segment of a URL's path, percent-decoded:
/// "https://h/a/index%20v2.html?x=1" -> "index v2.html".
Result<std::string> path_of_url(std::string_view url);

}  // namespace okg::api
