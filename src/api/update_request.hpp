// What callers ask for: an update, a rollback, or that the
// latest is forgotten. Read by the server, written by clients.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "api/checks.hpp"
#include "api/fields/fields.hpp"
#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "base/time/timestamp.hpp"
#include "results/entry.hpp"
#include "results/tree_entry.hpp"

namespace okg::api {

/// POST /hot-update and POST /hot-update/rollback.
struct UpdateRequest {
  /// Kept content goes live, and nothing is downloaded: `url` is
  /// empty. `version` may be empty as well (the previous one),
  /// and so may `path` (the path that was updated last).
  bool rollback = false;
  std::string version;
  std::string url;
  /// Under the shared directory: "index.html", "maps/1.json";
  /// never absolute, no "." or "..". With a `tree` it is a
  /// folder, and "." is the shared directory itself.
  std::string path;
  /// How the folder is made of what the URL has. Absent: the URL has the file.
  std::optional<results::TreeOptions> tree{};
  std::optional<Sha256> sha256;
  results::Scope scope = results::Scope::kWorkload;
  bool wait = true;    ///< answer when it is done, not when it is queued
  bool force = false;  ///< notify the game also when nothing changed
  Timestamp requested_at{};
  std::string signature{};        ///< the text of a .minisig file; empty: none was sent
  std::string until = {};         ///< see results::Entry
  std::string caller{};           ///< who asks, as the server found out; empty: not known
  std::string id{};               ///< see update_id.hpp
  std::string idempotency_key{};  ///< of its header; empty: a repetition is another update
};

/// POST /hot-update/forget: new pods get what their image has.
struct ForgetRequest {
  std::optional<std::string> path;  ///< absent: every path
};

/// `version`, `url`, `sha256`, `signature`, `path`, `scope`, `until`, `wait`,
/// `force`, `format` and kTreeFields. Errors: kInvalid, naming the field and how it
/// should look. The request is stamped with the current time and an id.
Result<UpdateRequest> parse_update(const FieldSource& source);
/// `version`, `path`, `scope`, `wait`, all optional.
Result<UpdateRequest> parse_rollback(const FieldSource& source);
/// `path`, or nothing, or `all=true`.
Result<ForgetRequest> parse_forget(const FieldSource& source);

/// Whether a query asks for an update: a GET that carries one is a mistake.
[[nodiscard]] bool asks_for_update(std::string_view query);

/// The fields that the parsers above read:
/// {"version":"v2","url":"https://…","path":"…",…}. A
/// client sends them as JSON, or as a form with to_form().
[[nodiscard]] Fields to_fields(const UpdateRequest& request);
[[nodiscard]] Fields to_fields(const ForgetRequest& request);
[[nodiscard]] nlohmann::ordered_json to_json(const Fields& fields);

}  // namespace okg::api
