#include "plugins/hot_update/follow/find_update.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "plugins/hot_update/calls/status_view.hpp"

namespace okg::hot_update {
namespace {

api::UpdateView view_of_ended(const Outcome& outcome, bool is_recorded) {
  api::UpdateView view;
  view.state = api::UpdateState::kEnded;
  view.ended = view_of(outcome, is_recorded);
  view.progress.bytes_done = outcome.bytes;
  view.progress.bytes_total = outcome.bytes;
  const auto files = outcome.files.value_or(1);
  view.progress.files_total = files;
  view.progress.files_done = outcome.error ? 0 : files;
  return view;
}

api::UpdateView view_of_queued(const api::UpdateRequest& request, std::size_t position) {
  api::UpdateView view;
  view.open = view_of(request, std::string(to_string(Stage::kRequest)));
  view.position = position;
  view.message = concat("queued; it is number ", position, " of those that wait");
  return view;
}

api::UpdateView view_in_progress(const api::UpdateRequest& request, Stage stage,
                                 const api::Progress& progress) {
  api::UpdateView view;
  view.state = api::UpdateState::kInProgress;
  view.open = view_of(request, std::string(to_string(stage)));
  view.progress = shown_progress(request, stage, progress);
  view.message = "in progress";
  return view;
}

/// A crash left it: a start finishes it.
api::UpdateView view_of_left(const Outcome& started) {
  api::UpdateRequest request;
  request.id = started.id;
  request.version = started.version;
  request.url = started.url;
  request.path = started.path;
  request.requested_at = started.requested_at;
  return view_in_progress(request, started.stage, {});
}

std::optional<api::UpdateView> find_in(const WorkStatus& work, const std::string& id,
                                       const api::Progress& progress) {
  if (work.in_progress && work.in_progress->id == id)
    return view_in_progress(*work.in_progress, work.stage.value_or(Stage::kRequest), progress);
  for (std::size_t i = 0; i < work.queued.size(); ++i)
    if (work.queued[i].id == id) return view_of_queued(work.queued[i], i + 1);
  for (const auto& each : work.cancelled)
    if (each.id == id) return view_of_ended(each, false);
  return std::nullopt;
}

std::optional<api::UpdateView> find_in(const LedgerState& state, const std::string& id) {
  const auto& history = state.history;
  for (auto each = history.rbegin(); each != history.rend(); ++each)
    if (each->id == id) return view_of_ended(*each, each->seq <= state.recorded_seq);
  for (const auto& started : state.started)
    if (started.id == id) return view_of_left(started);
  return std::nullopt;
}

}  // namespace

std::optional<api::UpdateView> find_update(const std::string& id, const Ledger& ledger,
                                           const Worker& worker, const api::Progress& progress) {
  // In this order: an update is in the ledger before the worker forgets it.
  if (auto open = find_in(worker.status(), id, progress)) return open;
  return find_in(*ledger.state(), id);
}

std::vector<api::UpdateView> find_updates(const Ledger& ledger, const Worker& worker,
                                          const api::Progress& progress) {
  const auto work = worker.status();
  const auto state = ledger.state();
  std::vector<api::UpdateView> views;
  std::set<std::string> known{""};  // an older release gave no ids
  const auto add = [&](api::UpdateView view) {
    if (known.insert(view.id()).second) views.push_back(std::move(view));
  };
  for (const auto& each : state->history) add(view_of_ended(each, each.seq <= state->recorded_seq));
  for (const auto& each : work.cancelled) add(view_of_ended(each, false));
  if (work.in_progress)
    add(view_in_progress(*work.in_progress, work.stage.value_or(Stage::kRequest), progress));
  for (const auto& each : state->started) add(view_of_left(each));
  for (std::size_t i = 0; i < work.queued.size(); ++i) add(view_of_queued(work.queued[i], i + 1));
  return views;
}

}  // namespace okg::hot_update
