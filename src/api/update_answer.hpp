// What callers of POST /hot-update are told. Written by the server,
// read by clients. Secrets of URLs are masked when it is written.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/warning.hpp"

namespace okg::api {

enum class UpdateResult {
  kSucceeded,   ///< the new content is live, and the game was notified
  kUnchanged,   ///< the same version, URL and content was live already
  kFailed,      ///< what was live before is live
  kRolledBack,  ///< the game was not healthy on the new content; what was live before is live
  kCancelled,   ///< somebody cancelled it; what was live before is live
  kAccepted,    ///< queued; nobody waits for its end
};
/// "Succeeded", "Unchanged", "Failed", "RolledBack", "Cancelled", "Accepted".
[[nodiscard]] std::string_view to_string(UpdateResult result);
/// Errors: kInvalid.
[[nodiscard]] Result<UpdateResult> parse_update_result(std::string_view text);

struct UpdateAnswer {
  std::string id{};
  std::string version{};
  UpdateResult result = UpdateResult::kFailed;
  std::string stage{};   ///< the last one entered
  std::string reason{};  ///< of docs/errors.md; empty: it is well, or an older release ended it
  std::string message{};
  std::string path{};
  std::string url{};
  std::string sha256{};  ///< hex; empty when nothing was fetched
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> files{};  ///< of a whole folder
  std::string exchanged{};      ///< how a folder went live: "exchange", "exchanges" or "renames"
  bool recorded = false;        ///< the store has it
  std::string record_error{};   ///< why it has not
  std::string record_reason{};  ///< the same as one word
  std::chrono::milliseconds duration{0};
  Warnings warnings{};
  std::string caller{};  ///< who asked for it; empty: not known
  bool operator==(const UpdateAnswer&) const = default;
};

/// {"id":…,"version":…,"result":"Succeeded","stage":…,"message":…,"path":…,"url":…,"sha256":…,"bytes":…,
/// "recorded":true,"durationMs":7}, with "reason" behind the stage where
/// it failed, "recordError" and "recordErrorReason" where it is not
/// recorded, "caller" where it is known, and
/// "warnings":[{"reason":…,"message":…}] where there are any. What is
/// accepted has no more than id, version, result, stage, message and path.
[[nodiscard]] nlohmann::ordered_json to_json(const UpdateAnswer& answer);
/// Fields that an older server does not send keep their defaults. Errors: kInvalid.
[[nodiscard]] Result<UpdateAnswer> answer_from_json(const nlohmann::ordered_json& json);

/// What callers of POST /hot-update/forget are told.
struct ForgetAnswer {
  std::set<std::string> paths{};  ///< new pods no longer get these
  bool operator==(const ForgetAnswer&) const = default;
};
/// {"result":"Succeeded","stage":"request","message":…,"paths":["maps/1.json"]}
[[nodiscard]] nlohmann::ordered_json to_json(const ForgetAnswer& answer);
/// Errors: kInvalid, with the message of an answer that is a failure.
[[nodiscard]] Result<ForgetAnswer> forget_from_json(const nlohmann::ordered_json& json);

}  // namespace okg::api
