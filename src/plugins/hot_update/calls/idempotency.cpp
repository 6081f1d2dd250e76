#include "plugins/hot_update/calls/idempotency.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "api/fields/fields.hpp"
#include "api/idempotency_key.hpp"
#include "base/text/in_quotes.hpp"
#include "plugins/hot_update/calls/answer.hpp"

namespace okg::hot_update {
namespace {

http::ServerResponse other_request(const api::UpdateRequest& request, const std::string& id) {
  return refused(422, fail(ErrorCode::kRefused, Reason::kInvalidField, "the ",
                           api::kIdempotencyKeyHeader, " ", in_quotes(request.idempotency_key),
                           " was sent with another request, which is update ", id,
                           "; send a new key with each new request"));
}

/// False: it has ended meanwhile.
bool answer_as(Worker& worker, const api::UpdateRequest& first, const api::UpdateRequest& request,
               const Job::OnEnd& on_end, const http::Respond& respond) {
  if (api::digest_of(first) != api::digest_of(request)) {
    respond(other_request(request, first.id));
    return true;
  }
  if (request.wait) return worker.add_listener(first.id, on_end);
  respond(accepted(first));
  return true;
}

void answer_as(const Outcome& ended, const api::UpdateRequest& request, const Job::OnEnd& on_end,
               const http::Respond& respond) {
  if (ended.request_digest != api::digest_of(request))
    respond(other_request(request, ended.id));
  else
    on_end(ended);
}

/// Nothing: none of those that the ledger knows had the key.
std::optional<Outcome> find_by_key(const std::string& key, const LedgerState& state) {
  const auto has_key = [&](const Outcome& each) { return each.idempotency_key == key; };
  const auto found = std::find_if(state.history.rbegin(), state.history.rend(), has_key);
  if (found == state.history.rend()) return std::nullopt;
  return *found;
}

}  // namespace

bool answer_repetition(const Ledger& ledger, Worker& worker, const api::UpdateRequest& request,
                       const Job::OnEnd& on_end, const http::Respond& respond) {
  if (request.idempotency_key.empty()) return false;
  auto work = worker.status();
  if (work.in_progress) work.queued.push_back(*work.in_progress);
  for (const auto& first : work.queued)
    if (first.idempotency_key == request.idempotency_key &&
        answer_as(worker, first, request, on_end, respond))
      return true;
  for (const auto& first : work.cancelled) {
    if (first.idempotency_key != request.idempotency_key) continue;
    answer_as(first, request, on_end, respond);
    return true;
  }
  const auto ended = find_by_key(request.idempotency_key, *ledger.state());
  if (!ended) return false;
  answer_as(*ended, request, on_end, respond);
  return true;
}

}  // namespace okg::hot_update
