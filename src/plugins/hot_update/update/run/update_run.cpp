#include "plugins/hot_update/update/run/update_run.hpp"

#include <utility>

#include "api/idempotency_key.hpp"
#include "api/update_id.hpp"
#include "base/log.hpp"
#include "plugins/hot_update/update/run/retention.hpp"
#include "plugins/hot_update/update/run/update_log.hpp"

namespace okg::hot_update {

using std::chrono::milliseconds;

Outcome outcome_of(const api::UpdateRequest& request, std::uint64_t seq) {
  Outcome outcome;
  outcome.seq = seq;
  outcome.id = request.id.empty() ? api::make_update_id(now()) : request.id;
  outcome.idempotency_key = request.idempotency_key;
  if (!request.idempotency_key.empty()) outcome.request_digest = api::digest_of(request);
  outcome.version = request.version;
  outcome.url = request.url;
  outcome.path = request.path;
  outcome.caller = request.caller;
  outcome.requested_at = request.requested_at;
  return outcome;
}

void note_content(Outcome& outcome, const LiveContent& content) {
  outcome.sha256 = content.entry.sha256 ? content.entry.sha256->hex() : "";
  outcome.bytes = content.bytes;
  if (content.entry.tree) outcome.files = content.entry.tree->files;
}

UpdateRun::UpdateRun(const Parts& parts, const api::UpdateRequest& request)
    : outcome(outcome_of(request, parts.ledger.next_seq())), parts_(parts) {
  log_started(outcome);
}

UpdateRun::UpdateRun(const Parts& parts, Outcome so_far)
    : outcome(std::move(so_far)), parts_(parts) {}

void UpdateRun::end_stage() {
  const auto ended = Clock::now();
  if (!outcome.stages.empty())
    outcome.stages.back().duration = std::chrono::duration_cast<milliseconds>(ended - stage_began_);
  stage_began_ = ended;
}

void UpdateRun::enter(Stage stage) {
  end_stage();
  outcome.stages.push_back({stage, milliseconds(0)});
  outcome.stage = stage;
  log_stage(outcome);
  parts_.hooks.on_stage(stage);
}

void UpdateRun::fail(const Error& error) {
  outcome.kind =
      error.reason == Reason::kCancelled ? OutcomeKind::kCancelled : OutcomeKind::kFailed;
  outcome.error = error.code;
  outcome.reason = shown_reason(error);
  outcome.message = error.message;
}

void UpdateRun::say(const std::string& more) { outcome.message += "; " + more; }

Outcome UpdateRun::finish(UpdateEnd end, Timestamp at) {
  end_stage();
  outcome.finished_at = at;
  outcome.duration = std::chrono::duration_cast<milliseconds>(stage_began_ - started_);
  end.outcome = outcome;
  count_kept(parts_, end);
  end.dropped_kept = beyond_keep_bytes(parts_, end);
  if (auto ok = parts_.ledger.note_ended(end, parts_.settings.keep_versions); ok)
    tidy(parts_);
  else  // A start that comes before the next line finds the update unfinished, and finishes it.
    log::error("the outcome could not be journaled", {{"error", ok.error().message}});
  log_ended(outcome);
  parts_.hooks.on_stage(std::nullopt);
  return outcome;
}

std::string kept_name(std::uint64_t seq, std::size_t target) {
  const auto name = std::to_string(seq);
  return target == 0 ? name : name + "." + std::to_string(target);
}

}  // namespace okg::hot_update
