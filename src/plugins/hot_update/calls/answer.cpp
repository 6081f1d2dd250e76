#include "plugins/hot_update/calls/answer.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "api/routes.hpp"
#include "base/text/secret.hpp"
#include "base/text/visible.hpp"

namespace okg::hot_update {
namespace {

http::ServerResponse json_response(int status, const nlohmann::ordered_json& body) {
  http::ServerResponse response;
  response.status = status;
  response.body = visible_json(body) + "\n";
  return response;
}

int status_of(const Outcome& outcome) {
  if (outcome.kind == OutcomeKind::kSucceeded || outcome.kind == OutcomeKind::kUnchanged)
    return 200;
  if (outcome.kind == OutcomeKind::kCancelled) return 409;
  if (outcome.stage == Stage::kTrigger || outcome.stage == Stage::kConfirm)
    return outcome.error == ErrorCode::kStopping ? 503 : 500;
  switch (outcome.error.value_or(ErrorCode::kInternal)) {
    case ErrorCode::kInvalid: return 400;
    case ErrorCode::kNotFound: return outcome.stage == Stage::kRequest ? 404 : 500;
    case ErrorCode::kRefused: return 422;
    case ErrorCode::kUpstream:
    case ErrorCode::kUnavailable: return 502;
    case ErrorCode::kTimeout: return 504;
    case ErrorCode::kNoSpace: return 507;
    case ErrorCode::kStopping: return 503;
    default: return 500;
  }
}

int status_of_forget(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid: return 400;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kStopping: return 503;
    default: return 502;
  }
}

api::UpdateResult result_of(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kSucceeded: return api::UpdateResult::kSucceeded;
    case OutcomeKind::kUnchanged: return api::UpdateResult::kUnchanged;
    case OutcomeKind::kFailed: return api::UpdateResult::kFailed;
    case OutcomeKind::kRolledBack: return api::UpdateResult::kRolledBack;
    case OutcomeKind::kCancelled: return api::UpdateResult::kCancelled;
  }
  return api::UpdateResult::kFailed;
}

}  // namespace

api::UpdateAnswer view_of(const Outcome& outcome) {
  api::UpdateAnswer answer;
  answer.id = outcome.id;
  answer.version = outcome.version;
  answer.result = result_of(outcome.kind);
  answer.stage = to_string(outcome.stage);
  answer.reason = to_string(outcome.reason);
  answer.message = outcome.message;
  answer.path = outcome.path;
  answer.url = outcome.url;
  answer.sha256 = outcome.sha256;
  answer.bytes = outcome.bytes;
  answer.files = outcome.files;
  answer.exchanged = outcome.exchanged;
  answer.recorded = true;
  answer.warnings = outcome.warnings;
  answer.caller = outcome.caller;
  answer.duration = outcome.duration;
  return answer;
}

http::ServerResponse answer(const Outcome& outcome, const Recorded& recorded) {
  auto view = view_of(outcome);
  view.recorded = recorded.written;
  if (!recorded.written) {
    view.record_error = recorded.why.message;
    view.record_reason = to_string(shown_reason(recorded.why));
  }
  return json_response(status_of(outcome), to_json(view));
}

http::ServerResponse accepted(const api::UpdateRequest& request) {
  api::UpdateAnswer view;
  view.id = request.id;
  view.version = request.version;
  view.result = api::UpdateResult::kAccepted;
  view.stage = to_string(Stage::kRequest);
  view.message = "queued; GET " + api::location_of(request.id) + " tells how it ends";
  view.path = request.path;
  auto response = json_response(202, to_json(view));
  response.headers.push_back({"Location", api::location_of(request.id)});
  return response;
}

http::ServerResponse refused(const Error& error) {
  if (error.code == ErrorCode::kConflict) {
    auto response = refused(429, error);
    response.headers.push_back({"Retry-After", "5"});
    return response;
  }
  if (error.reason == Reason::kUnsupportedMediaType) return refused(415, error);
  const bool later = error.code == ErrorCode::kStopping || error.code == ErrorCode::kUnavailable;
  return refused(later ? 503 : 400, error);
}

http::ServerResponse refused(int status, const Error& error) {
  return http::refusal(status, error.message, shown_reason(error));
}

http::ServerResponse answer_forget(const Result<std::set<std::string>>& forgotten) {
  if (forgotten) {
    api::ForgetAnswer view;
    view.paths = *forgotten;
    return json_response(200, to_json(view));
  }
  const auto& error = forgotten.error();
  return http::refusal(status_of_forget(error.code), redact(error.message), shown_reason(error));
}

http::ServerResponse StatusPage::answer(api::Status status) {
  if (text_.size() == 0 || status != shown_) {
    shown_ = std::move(status);
    text_ = visible_json(to_json(shown_)) + "\n";
  }
  http::ServerResponse response;
  response.body = text_;
  return response;
}

}  // namespace okg::hot_update
