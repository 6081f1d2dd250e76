// What a caller of POST /hot-update asks for, checked: the first type of the pipeline.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/timestamp.hpp"
#include "results/result_store.hpp"

namespace okg::api {

struct UpdateRequest {
  /// Kept content is put back instead of a source's. `version` may be empty then (the previous
  /// one), and `path` as well (the path that was updated last); `url` is.
  bool rollback = false;
  std::string version;
  std::string url;
  std::string path;  ///< under the shared directory: "index.html", "maps/1.json"; never absolute,
                     ///< no "." or ".."
  std::optional<Sha256> sha256;
  results::Scope scope = results::Scope::kWorkload;
  bool wait = true;    ///< answer when it is done, not when it is queued
  bool force = false;  ///< signal the game also when nothing changed
  Timestamp requested_at{};
};

/// Reads `version`, `url`, `sha256`, `path`, `scope`, `wait`, `force` from a form or a JSON object.
/// Errors: kInvalid, saying which field is wrong and how it should look.
Result<UpdateRequest> parse_form_request(std::string_view body);
Result<UpdateRequest> parse_json_request(std::string_view body);
/// Reads `version`, `path`, `scope`, `wait` of a rollback, all optional; an empty body is one as
/// well.
Result<UpdateRequest> parse_form_rollback(std::string_view body);
Result<UpdateRequest> parse_json_rollback(std::string_view body);

/// 1 to 63 letters, digits, '.', '_', '-', beginning and ending with a letter or digit.
/// @source
/// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
Result<void> check_version(std::string_view version);
/// A path under the shared directory, as it is kept and compared: no empty, "." or ".." part, no
/// NUL, no backslash trick, not absolute.
Result<std::string> check_path(std::string_view path);
/// The last segment of a URL's path, percent-decoded: "https://h/a/index%20v2.html?x=1" -> "index
/// v2.html".
Result<std::string> path_of_url(std::string_view url);

}  // namespace okg::api
