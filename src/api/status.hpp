// What GET /hot-update shows: what is live, in progress and
// queued, and the last results. Written by the server, read
// by clients. Secrets of URLs are masked when it is written.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/progress.hpp"
#include "api/update_answer.hpp"
#include "base/error.hpp"
#include "base/time/timestamp.hpp"
#include "results/entry.hpp"

namespace okg::api {

/// A path whose content is not restored yet.
struct MissingFile {
  std::string path{};
  std::string why{};     ///< why the last attempt failed; empty: there was none
  std::string reason{};  ///< of docs/errors.md: Restoring before the first attempt has failed
  bool operator==(const MissingFile&) const = default;
};

/// What a path is now.
struct LiveContent {
  std::string version{};
  std::string url{};
  std::string sha256{};
  std::uint64_t bytes = 0;
  results::Scope scope = results::Scope::kWorkload;
  Timestamp requested_at{};
  std::optional<results::TreeEntry> tree{};  ///< the path is a folder
  bool operator==(const LiveContent&) const = default;
};

/// An update that has not ended.
struct OpenUpdate {
  std::string id{};
  std::string version{};
  std::string url{};
  std::string path{};
  bool rollback = false;
  results::Scope scope = results::Scope::kWorkload;
  Timestamp requested_at{};
  std::string stage{};  ///< of the update in progress
  bool operator==(const OpenUpdate&) const = default;
};

struct EndedUpdate {
  UpdateAnswer answer{};
  Timestamp requested_at{};
  Timestamp finished_at{};
  /// How long each stage took, in their order.
  std::vector<std::pair<std::string, std::chrono::milliseconds>> stages{};
  bool operator==(const EndedUpdate&) const = default;
};

struct Status {
  bool ready = false;
  std::vector<MissingFile> missing{};
  std::vector<MissingFile> ignored{};         ///< what is stored for a path and not used, and why
  std::map<std::string, LiveContent> live{};  ///< by path
  std::map<std::string, std::vector<std::string>> kept{};  ///< path -> versions, newest first
  std::optional<OpenUpdate> in_progress{};
  Progress progress{};  ///< of `in_progress`
  std::vector<OpenUpdate> queued{};
  std::vector<EndedUpdate> results{};      ///< oldest first
  std::set<std::string> to_be_reverted{};  ///< paths whose old content is still to be reverted to
  Warnings warnings{};                     ///< about the sidecar itself
  std::optional<std::string> record_error{};  ///< why the last result is not in the store
  std::string record_reason{};                ///< the same as one word
  bool operator==(const Status&) const = default;
};

/// {"ready":…,"missing":[…],"live":{…},"kept":{…},"underWay":{…,"stage":…,"bytesDone":…,…},
/// "queued":[…],"results":[…]},
/// with "toBePutBack", "recordError", "recordErrorReason"
/// and "warnings" where there are such. See docs/api.md.
[[nodiscard]] nlohmann::ordered_json to_json(const Status& status);
/// One element of "queued", and one of "results".
[[nodiscard]] nlohmann::ordered_json to_json(const OpenUpdate& update);
[[nodiscard]] nlohmann::ordered_json to_json(const EndedUpdate& update);
[[nodiscard]] OpenUpdate open_from_json(const nlohmann::ordered_json& json);
/// Errors: kInvalid.
[[nodiscard]] Result<EndedUpdate> ended_from_json(const nlohmann::ordered_json& json);
/// Members that an older server does not send are empty. Errors: kInvalid.
[[nodiscard]] Result<Status> status_from_json(const nlohmann::ordered_json& json);

}  // namespace okg::api
