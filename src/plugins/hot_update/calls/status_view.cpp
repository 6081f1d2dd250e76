#include "plugins/hot_update/calls/status_view.hpp"

#include <utility>

#include "plugins/hot_update/calls/answer.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/work/worker.hpp"

namespace okg::hot_update {
namespace {

api::LiveContent view_of(const LiveContent& file) {
  return {file.entry.version, file.entry.url,   file.entry.sha256 ? file.entry.sha256->hex() : "",
          file.bytes,         file.entry.scope, file.entry.requested_at,
          file.entry.tree};
}

}  // namespace

api::OpenUpdate view_of(const api::UpdateRequest& request, std::string stage) {
  return {request.id,       request.version, request.url,          request.path,
          request.rollback, request.scope,   request.requested_at, std::move(stage)};
}

api::MissingFile view_of(const std::string& path, const std::optional<Error>& why) {
  const auto reason = why ? shown_reason(*why) : Reason::kRestoring;
  return {path, why ? why->message : "", std::string(to_string(reason))};
}

api::EndedUpdate view_of(const Outcome& outcome, bool is_recorded) {
  api::EndedUpdate ended;
  ended.answer = view_of(outcome);
  ended.answer.recorded = is_recorded;
  ended.requested_at = outcome.requested_at;
  ended.finished_at = outcome.finished_at;
  for (const auto& [stage, duration] : outcome.stages)
    ended.stages.emplace_back(to_string(stage), duration);
  return ended;
}

api::Progress shown_progress(const api::UpdateRequest& request, Stage stage,
                             api::Progress progress) {
  const bool is_archive = request.tree && request.tree->format == results::TreeFormat::kArchive;
  const bool is_unpacked = stage > Stage::kVerify;
  if (!is_archive) {
    if (stage > Stage::kFetch) progress.files_done = progress.files_total.value_or(1);
  } else if (is_unpacked) {
    progress.files_total = progress.files_done;
  } else if (stage <= Stage::kFetch || progress.files_done == 0) {
    progress.files_total.reset();
  }
  return progress;
}

api::Status view_of(const Ledger& ledger, const WorkStatus& work, const api::Progress& progress,
                    const std::optional<Error>& record_error) {
  api::Status status;
  status.ready = work.restored;
  for (const auto& [path, why] : work.missing) status.missing.push_back(view_of(path, why));
  for (const auto& [path, why] : work.ignored) status.ignored.push_back(view_of(path, why));
  const auto state = ledger.state();
  for (const auto& [path, file] : state->live) status.live.emplace(path, view_of(file));
  const auto& kept = state->kept;
  for (auto each = kept.rbegin(); each != kept.rend(); ++each)
    status.kept[each->path].emplace_back(each->version());
  if (work.in_progress) {
    const auto& request = *work.in_progress;
    status.in_progress = view_of(request, work.stage ? std::string(to_string(*work.stage)) : "");
    status.progress = shown_progress(request, work.stage.value_or(Stage::kRequest), progress);
  }
  for (const auto& request : work.queued) status.queued.push_back(view_of(request, ""));
  for (const auto& outcome : state->history)
    status.results.push_back(view_of(outcome, outcome.seq <= state->recorded_seq));
  status.to_be_reverted = state->paths_to_revert();
  if (record_error) {
    status.record_error = record_error->message;
    status.record_reason = to_string(shown_reason(*record_error));
  }
  return status;
}

}  // namespace okg::hot_update
