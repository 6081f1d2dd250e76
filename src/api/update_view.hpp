// What GET /hot-update/updates/ID shows of one update: where
// it is, or how it ended. Written by the server, read by
// clients. Secrets of URLs are masked when it is written.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "api/progress.hpp"
#include "api/status.hpp"
#include "base/error.hpp"

namespace okg::api {

enum class UpdateState {
  kQueued,      ///< It waits for others.
  kInProgress,  ///< It has begun.
  kEnded,       ///< It has a result.
};
/// "Queued", "InProgress", "Ended".
[[nodiscard]] std::string_view to_string(UpdateState state);

struct UpdateView {
  UpdateState state = UpdateState::kQueued;
  OpenUpdate open{};           ///< unless it has ended
  EndedUpdate ended{};         ///< when it has ended
  std::uint64_t position = 0;  ///< in the queue: 1 is the next; 0: it is not queued
  Progress progress{};
  std::string message{};  ///< unless it has ended: where it is, for people
  bool operator==(const UpdateView&) const = default;

  [[nodiscard]] const std::string& id() const {
    return state == UpdateState::kEnded ? ended.answer.id : open.id;
  }
};

/// {"id":…,"state":"InProgress","version":…,"url":…,"path":…,…,"stage":"fetch","bytesDone":…,
/// "bytesTotal":…,"filesDone":0,"filesTotal":1,"bytesPerSecond":…,"etaMs":…,"attempt":1,
/// "message":…}. Of one that has ended: what is
/// in "results" of the status. See docs/api.md.
[[nodiscard]] nlohmann::ordered_json to_json(const UpdateView& view);
/// Members that an older server does not send are empty. Errors: kInvalid.
[[nodiscard]] Result<UpdateView> view_from_json(const nlohmann::ordered_json& json);

}  // namespace okg::api
