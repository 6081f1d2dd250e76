// Outcomes and errors as HTTP answers.
#pragma once

#include <set>
#include <string>

#include "api/status.hpp"
#include "api/update_answer.hpp"
#include "api/update_request.hpp"
#include "http/server/response.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "plugins/hot_update/record/recorded.hpp"

namespace okg::hot_update {

/// An ended update as its caller and the status show it. It counts as recorded.
[[nodiscard]] api::UpdateAnswer view_of(const Outcome& outcome);

/// 200 done, 400, 404 (nothing kept to roll back to), 409 (cancelled),
/// 422, 500, 502, 503, 504, 507, as docs/api.md says.
[[nodiscard]] http::ServerResponse answer(const Outcome& outcome, const Recorded& recorded);
/// 202, with Location:
/// {"id","version","result":"Accepted","stage":"request","message","path"}.
[[nodiscard]] http::ServerResponse accepted(const api::UpdateRequest& request);
/// 400, 415, 429 (with Retry-After) or 503, as the error says.
[[nodiscard]] http::ServerResponse refused(const Error& error);

/// The same with a status of the caller's, and with the error's "reason".
[[nodiscard]] http::ServerResponse refused(int status, const Error& error);

/// 200: {"result":"Succeeded","stage":"request","message","paths":[…]};
/// 404 when there was nothing.
[[nodiscard]] http::ServerResponse answer_forget(const Result<std::set<std::string>>& forgotten);

/// Answers GET /hot-update. Many clients that ask for the same status share one
/// text, which is written only when the status has changed. Thread-compatible.
class StatusPage {
 public:
  [[nodiscard]] http::ServerResponse answer(api::Status status);

 private:
  api::Status shown_;
  http::SharedText text_;
};

}  // namespace okg::hot_update
