#include "client/calls.hpp"

#include "api/idempotency_key.hpp"
#include "api/json_reader.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/text/visible.hpp"
#include "base/time/wait.hpp"

namespace okg::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxShownBytes = 300;

bool is_lost(const Result<Answer>& answer) {
  if (answer) return answer->is_from_a_proxy();
  return answer.error().code == ErrorCode::kUnavailable ||
         answer.error().code == ErrorCode::kTimeout;
}

}  // namespace

bool Answer::is_from_a_proxy() const {
  return status >= 502 && status <= 504 && api::text_of(json, "reason").empty();
}

Result<Answer> Calls::send(const Call& call) {
  auto request = server_.request;
  request.method = call.method;
  request.url = server_.url + call.path;
  request.body = call.body;
  request.total_timeout = call.timeout;
  if (!call.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  if (!call.idempotency_key.empty())
    request.headers.push_back({std::string(api::kIdempotencyKeyHeader), call.idempotency_key});
  auto response = client_.send(request, kMaxAnswerBytes, stop_);
  if (!response) return response.error();
  Answer answer{response->head.status, std::move(response->body), {}};
  if (auto json = parse_ordered_json(answer.text)) {
    answer.json = std::move(*json);
    answer.text = visible_json(answer.json);
  }
  return answer;
}

Result<Answer> Calls::send_patiently(const Call& call) {
  const auto until = Clock::now() + kPatience;
  for (;;) {
    auto answer = send(call);
    if (!is_lost(answer) || Clock::now() >= until) return answer;
    if (!wait_for(stop_, between_attempts_)) return fail(ErrorCode::kStopping, "interrupted");
  }
}

std::string words_of(const Answer& answer) {
  const auto reason = api::text_of(answer.json, "reason");
  const auto message = api::text_of(answer.json, "message");
  if (!message.empty()) return visible(reason.empty() ? message : reason + ": " + message);
  const auto line = answer.text.substr(0, answer.text.find('\n'));
  return "HTTP status " + std::to_string(answer.status) + ": " +
         visible(shortened(line, kMaxShownBytes));
}

}  // namespace okg::client
