// What callers are told: outcomes as HTTP answers, and the state of everything as one JSON object.
#pragma once

#include <optional>
#include <string>

#include "api/update_request.hpp"
#include "http/server/response.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/recorder.hpp"
#include "plugins/hot_update/worker.hpp"

namespace okg::hot_update {

/// 200 done, 404 (nothing kept to roll back to), 422, 500, 502, 503, 504, 507 as design section 3;
/// the body has version, result, stage, message, path, sha256, bytes, recorded, durationMs, and
/// recordError when it is not recorded.
[[nodiscard]] http::ServerResponse answer(const Outcome& outcome, const Recorded& recorded);
/// 202: {"version","result":"Accepted","stage":"request","message"}.
[[nodiscard]] http::ServerResponse accepted(const api::UpdateRequest& request);
/// 400, 415, 429 (with Retry-After) or 503, by the error's code.
[[nodiscard]] http::ServerResponse refused(const Error& error);

struct StatusView {
  const Ledger& ledger;
  WorkStatus work;
  std::optional<std::string> record_error;
};
/// The body of GET /hot-update: ready, missing, live, kept, underWay, queued, results (oldest
/// first).
[[nodiscard]] http::ServerResponse status_answer(const StatusView& view);

}  // namespace okg::hot_update
