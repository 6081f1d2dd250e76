#include "plugins/hot_update/update/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "plugins/hot_update/game/game_warnings.hpp"
#include "plugins/hot_update/update/obtain/kept_choice.hpp"
#include "plugins/hot_update/update/obtain/suspicious_content.hpp"
#include "plugins/hot_update/update/obtain/update_warnings.hpp"
#include "plugins/hot_update/update/overlap.hpp"
#include "plugins/hot_update/update/run/cancelled.hpp"
#include "plugins/hot_update/update/run/retention.hpp"

namespace okg::hot_update {
namespace {

/// The newest request wins, also when the clock was set back since the last one of
/// the path, of a folder above it or of a path in it. No request follows a time that
/// other pods would not believe.
void stamp(api::UpdateRequest& request, const Ledger& ledger) {
  const auto state = ledger.state();
  for (const auto& [path, live] : state->live) {
    if (!overlap(path, request.path) || results::is_too_far_ahead(live.entry.requested_at, now()))
      continue;
    request.requested_at = std::max(request.requested_at, just_after(live.entry.requested_at));
  }
}

bool is_new_file(const PlannedUpdate& planned) { return !planned.request.tree && !planned.kept; }

void warn_of_content(Outcome& outcome, const PlannedUpdate& planned, NextContent& content) {
  if (!is_new_file(planned)) return;
  const auto fd = std::get<content::StagedContent>(content).file().fd();
  warn_if_archive(outcome, fd);
  if (!planned.request.sha256) warn_if_page(outcome, fd);
}

}  // namespace

BootTime live_since(const std::vector<LiveUpdate>& updates) {
  auto newest = BootTime::min();
  for (const auto& update : updates) newest = std::max(newest, update.live_since);
  return newest;
}

// Five promises stand in this function, in order. Each is durable before the next
// begins, but for two: a restore makes no first one, and the end of a success is
// not synced (docs/decisions/0007).
//
//   it dies after …         | on disk                             | the next start …
//   ------------------------+-------------------------------------+-------------------------------
//   1 started               | old file; perhaps bytes in staging/ | ends it as Failed, empties
//                           |                                     | staging/
//   2 the old content is    | old file, also under kept/          | the same
//     kept, the new durable |                                     |
//   3 intent                | old file                            | finds the old content live:
//                           |                                     | Failed; notifies, since it may
//                           |                                     | have died while reverting
//   4 live                  | new file; its name is durable once  | finds the new content live:
//                           | commit() has returned               | syncs, notifies, Succeeded
//   . the game was notified | new file                            | the same; notifies a game that
//                           |                                     | is older than the file
//   5 ended                 | new file                            | has nothing to do
Carried Pipeline::carry_out(std::vector<PlannedUpdate> updates, Origin origin, std::string_view how,
                            const std::stop_token& stop) {
  Carried carried;
  std::vector<LiveUpdate> live;
  for (auto& planned : updates) {
    auto run = begin(planned, origin);
    const auto give_up_for = [&](const Error& error) {
      give_up(std::move(run), origin, error, carried);
    };
    if (auto started = note_started(run.outcome, origin); !started) {  // 1
      give_up_for(started.error());
      continue;
    }
    auto content = obtainer_.obtain(planned, run, stop);
    if (!content) {
      give_up_for(content.error());
      continue;
    }
    if (!*content) {
      carried.outcomes.push_back(end_unchanged(planned.request, std::move(run), stop));
      continue;
    }
    if (origin == Origin::kRequested) warn_of_content(run.outcome, planned, **content);
    auto prepared = prepare(std::move(**content), planned, run, stop);  // 2
    if (!prepared) {
      give_up_for(prepared.error());
      continue;
    }
    const Intent intent{run.outcome.seq, {prepared->target()}, false, this_moment()};
    if (auto noted = note_intent(intent, origin); !noted) {  // 3
      give_up_for(noted.error());
      continue;
    }
    auto committed = commit(*prepared, intent.seq);  // 4
    if (!committed) {
      give_up_for(committed.error());
      continue;
    }
    run.outcome.exchanged = committed->exchanged;
    live.push_back({std::move(run), intent, committed->live_since, committed->unsynced});
  }
  if (live.empty()) return carried;
  // At a start, a process that is younger than the content has read it.
  const auto audience = origin == Origin::kRequested ? Audience::everyone()
                                                     : Audience::started_before(live_since(live));
  for (auto& outcome : conclude(std::move(live), audience, how, stop))  // 5
    carried.outcomes.push_back(std::move(outcome));
  return carried;
}

UpdateRun Pipeline::begin(PlannedUpdate& planned, Origin origin) const {
  if (origin == Origin::kRequested) stamp(planned.request, parts_.ledger);
  UpdateRun run(parts_, planned.request);
  if (origin == Origin::kRestored) return run;
  warn_if_url_expires(run.outcome);
  if (is_new_file(planned)) warn_if_named_as_archive(run.outcome);
  return run;
}

Result<void> Pipeline::note_started(const Outcome& in_progress, Origin origin) const {
  if (origin == Origin::kRestored) return {};
  auto started = parts_.ledger.note_started(in_progress);
  return started ? started : started.error().because(Reason::kDiskError);
}

Result<Prepared> Pipeline::prepare(NextContent content, const PlannedUpdate& planned,
                                   UpdateRun& run, const std::stop_token& stop) const {
  run.enter(Stage::kPublish);
  if (stop.stop_requested())
    return fail(ErrorCode::kStopping, "stopped before the content went live");
  auto prepared = parts_.publisher.prepare(
      std::move(content), replacement_for(planned, run.outcome.seq, *parts_.ledger.state()));
  if (!prepared) return prepared.error().because(Reason::kDiskError);
  return prepared;
}

Result<void> Pipeline::note_intent(const Intent& intent, Origin origin) const {
  if (origin == Origin::kRequested)
    if (auto may = parts_.hooks.may_go_live(); !may) return may;
  auto noted = parts_.ledger.note_intent(intent);
  return noted ? noted : noted.error().because(Reason::kDiskError);
}

Result<Committed> Pipeline::commit(Prepared& prepared, std::uint64_t seq) const {
  auto committed = parts_.publisher.commit(prepared);
  if (committed) return committed;
  parts_.ledger.drop_intent(seq);
  return committed.error().because(Reason::kDiskError);
}

void Pipeline::give_up(UpdateRun run, Origin origin, const Error& error, Carried& carried) {
  if (origin == Origin::kRestored) {
    tidy(parts_);
    carried.not_live[run.outcome.path] = error;
    return;
  }
  const auto reason =
      error.code == ErrorCode::kStopping ? parts_.hooks.reason_to_end() : std::nullopt;
  run.fail(reason.value_or(error));
  carried.outcomes.push_back(run.finish({}));
}

Result<std::string> Pipeline::notify_game(const std::vector<UpdateRun*>& runs,
                                          const Audience& audience, const std::stop_token& stop) {
  for (auto* run : runs) {
    run->enter(Stage::kTrigger);
    run->notified = Notified::kPerhapsSome;
  }
  auto notified = parts_.game.notify(audience, stop);
  if (!notified) return notified.error();
  for (auto* run : runs) {
    run->notified = Notified::kEverybody;
    for (const auto& each : notified->warnings) run->outcome.warnings.push_back(each);
  }
  // At a start the game may not run yet, and only a running one is healthy.
  const bool runs_on_it = audience.who == Audience::Who::kEveryone || notified->notified;
  if (!runs_on_it || !parts_.game.is_checked(*notified)) return std::move(notified->message);
  for (auto* run : runs) run->enter(Stage::kConfirm);
  if (auto healthy = parts_.game.check_health(*notified, stop); !healthy)
    return healthy.error().because(Reason::kGameNotHealthy).in(notified->message);
  const auto not_taken = warn_of_signals_not_taken(*notified);
  for (auto* run : runs)
    run->outcome.warnings.insert(run->outcome.warnings.end(), not_taken.begin(), not_taken.end());
  notified->add(not_taken);
  return parts_.settings.confirm.any() ? notified->message + "; the game is healthy"
                                       : notified->message;
}

std::vector<Outcome> Pipeline::conclude(std::vector<LiveUpdate> updates, const Audience& audience,
                                        std::string_view how, const std::stop_token& stop) {
  const auto unsynced =
      std::ranges::find_if(updates, [](const auto& each) { return each.unsynced.has_value(); });
  if (unsynced != updates.end()) {
    const auto error = unsynced->unsynced->because(Reason::kDiskError);
    return reverts_.revert(std::move(updates), audience, error);
  }
  std::vector<UpdateRun*> runs;
  runs.reserve(updates.size());
  for (auto& update : updates) runs.push_back(&update.run);
  const auto notified = notify_game(runs, audience, stop);
  if (!notified) return reverts_.revert(std::move(updates), audience, notified.error());
  std::vector<Outcome> outcomes;
  for (auto& update : updates) {
    auto& run = update.run;
    run.enter(Stage::kRecord);
    run.outcome.kind = OutcomeKind::kSucceeded;
    run.outcome.message = std::string(how) + *notified;
    UpdateEnd end;
    for (const auto& target : update.intent.targets) {
      PathEnd path{target.path, target.next, {}, target.from_kept};
      if (target.old.kind == OldContent::Kind::kKept) path.kept = target.old.kept;
      end.paths.push_back(std::move(path));
    }
    outcomes.push_back(run.finish(std::move(end)));
  }
  return outcomes;
}

Outcome Pipeline::update(const api::UpdateRequest& request, const std::stop_token& stop) {
  reverts_.retry(stop);
  if (request.rollback) return roll_back(request, stop);
  return std::move(
      carry_out({PlannedUpdate{request}}, Origin::kRequested, "", stop).outcomes.front());
}

Outcome Pipeline::obey(const api::UpdateRequest& request, const std::stop_token& stop) {
  reverts_.retry(stop);
  return std::move(carry_out({PlannedUpdate{request, kept_for_order(parts_, request)}},
                             Origin::kRequested, "ordered; ", stop)
                       .outcomes.front());
}

Outcome Pipeline::end_cancelled(const api::UpdateRequest& request, Timestamp at) {
  UpdateRun run(parts_, outcome_of(request, parts_.ledger.next_seq()));
  run.fail(cancelled());
  return run.finish({}, at);
}

Outcome Pipeline::roll_back(api::UpdateRequest request, const std::stop_token& stop) {
  auto kept = kept_for_rollback(parts_, request);
  if (!kept) {
    UpdateRun run(parts_, request);
    run.fail(kept.error());
    return run.finish({});
  }
  request.path = kept->path;
  request.version = kept->version();
  request.url = kept->was ? kept->was->entry.url : "";
  request.tree = kept->was && kept->was->entry.tree ? std::optional(kept->was->entry.tree->options)
                                                    : std::nullopt;
  return std::move(carry_out({PlannedUpdate{std::move(request), *kept}}, Origin::kRequested,
                             "kept content is live again; ", stop)
                       .outcomes.front());
}

/// The content is live already: only who asked for it and when
/// changes, and the game is notified only when that is forced.
Outcome Pipeline::end_unchanged(const api::UpdateRequest& request, UpdateRun run,
                                const std::stop_token& stop) {
  run.outcome.kind = OutcomeKind::kUnchanged;
  run.outcome.message =
      "the same version, URL and content is live already; the game was not notified";
  if (request.force) {
    if (auto may = parts_.hooks.may_go_live(); !may) {
      run.fail(may.error());
      return run.finish({});
    }
    const auto notified = notify_game({&run}, Audience::everyone(), stop);
    if (!notified) {
      run.fail(notified.error());
      return run.finish({});
    }
    run.enter(Stage::kRecord);
    run.outcome.message = *notified;
  }
  auto live = parts_.ledger.state()->live_at(request.path);
  live->entry.requested_at = request.requested_at;
  live->entry.scope = request.scope;
  live->entry.until = request.until;
  live->entry.signature = request.signature;
  return run.finish({{}, {{request.path, std::move(live)}}});
}

}  // namespace okg::hot_update
