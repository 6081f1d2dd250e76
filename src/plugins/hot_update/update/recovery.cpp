#include "plugins/hot_update/update/recovery.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "plugins/hot_update/update/obtain/kept_choice.hpp"
#include "plugins/hot_update/update/run/retention.hpp"

namespace okg::hot_update {
namespace {

api::UpdateRequest request_for(const std::string& path, const results::Entry& entry) {
  api::UpdateRequest request;
  request.version = entry.version;
  request.url = entry.url;
  request.path = path;
  if (entry.tree) request.tree = entry.tree->options;
  request.sha256 = entry.sha256;
  request.scope = entry.scope;
  request.requested_at = entry.requested_at;
  request.until = entry.until;
  request.signature = entry.signature;
  return request;
}

/// The outcome so far of an update that has an intent, as the journal says it.
Outcome outcome_so_far(const Intent& intent, const LedgerState& state) {
  const auto& target = intent.targets.front();
  const auto& entry = target.next.entry;
  auto outcome = outcome_of(request_for(target.path, entry), intent.seq);
  for (const auto& started : state.started)
    if (started.seq == intent.seq) {
      outcome.id = started.id;
      outcome.idempotency_key = started.idempotency_key;
      outcome.request_digest = started.request_digest;
    }
  note_content(outcome, target.next);
  return outcome;
}

const results::Entry& entry_of(const results::Entry& entry) { return entry; }
const results::Entry& entry_of(const LiveContent& file) { return file.entry; }

/// Whether a folder above the path was asked for later, and replaces it.
template <class Files>
bool is_replaced_by(const Files& files, const std::string& path, Timestamp requested_at) {
  return std::ranges::any_of(files, [&](const auto& each) {
    return results::is_in_tree(path, each.first) &&
           entry_of(each.second).requested_at > requested_at;
  });
}

/// The stored entry cannot be had by anybody: its URL or its source is at fault.
bool blames_the_entry(const Error& error) {
  return error.code == ErrorCode::kInvalid || error.code == ErrorCode::kUpstream ||
         error.code == ErrorCode::kRefused;
}

/// The content that a start finds where an update did not go live as a whole.
struct Found {
  std::string words;         ///< for the operator
  bool needs_revert = true;  ///< false: the old content is live
};

Found look_at_swap(const Result<LiveSide>& live) {
  if (!live) return {"what is live now cannot be read: " + live.error().message};
  if (*live == LiveSide::kOld) return {"the old content is live", false};
  return {"only a part of it is live"};
}

Found look_at(const Target& target, const Result<std::optional<FileDigest>>& digest) {
  if (!digest) return {"what is live now cannot be read: " + digest.error().message};
  if (!*digest) return {"no regular file is live", target.old.kind != OldContent::Kind::kNothing};
  if ((*digest)->sha256 == target.next.entry.sha256) return {"only a part of it is live"};
  return {"the old content is live", false};
}

}  // namespace

std::optional<LiveUpdate> Recovery::find_live(const Intent& intent) const {
  LiveUpdate update{UpdateRun(parts_, outcome_so_far(intent, *parts_.ledger.state())), intent};
  update.run.enter(Stage::kPublish);
  const auto here = this_moment();
  for (const auto& target : intent.targets) {
    const auto live = parts_.publisher.settle(target);
    if (!live || *live != LiveSide::kNew) return std::nullopt;
    const auto changed = parts_.publisher.changed_at(target);
    update.live_since =
        std::max(update.live_since, went_live(intent.at, changed ? *changed : here.wall, here));
    if (auto ok = parts_.publisher.sync(target); !ok) update.unsynced = ok.error();
  }
  return update;
}

Outcome Recovery::end_interrupted(const Intent& intent, const std::stop_token& stop) {
  UpdateRun run(parts_, outcome_so_far(intent, *parts_.ledger.state()));
  run.enter(Stage::kPublish);
  run.fail(fail(ErrorCode::kInternal, Reason::kInterrupted,
                "the sidecar was ended before this update was done"));
  bool needs_revert = false;
  for (const auto& target : intent.targets) {
    const auto found = target.swap ? look_at_swap(parts_.publisher.settle(target))
                                   : look_at(target, parts_.publisher.live_digest(target.path));
    run.say(found.words);
    needs_revert = needs_revert || found.needs_revert;
  }
  auto done = Reverts::Done::kYes;
  if (needs_revert) done = reverts_.revert_files(intent, run);
  // It may have ended while it reverted, with the game not notified of that.
  if (auto heard = parts_.game.notify_of_revert(stop); !heard)
    run.say("notifying the game of it failed: " + heard.error().message);
  return run.finish({.needs_revert = done != Reverts::Done::kYes});
}

std::vector<Outcome> Recovery::resolve_interrupted(const std::stop_token& stop) {
  std::vector<Outcome> outcomes;
  std::vector<LiveUpdate> live;
  const auto state = parts_.ledger.state();
  for (const auto& intent : state->intents) {
    if (intent.needs_revert) continue;
    if (auto found = find_live(intent))
      live.push_back(std::move(*found));
    else
      outcomes.push_back(end_interrupted(intent, stop));
  }
  if (!live.empty()) {
    const auto audience = Audience::started_before(live_since(live));
    auto concluded =
        pipeline_.conclude(std::move(live), audience,
                           "finished after the sidecar was ended in the middle of it; ", stop);
    std::move(concluded.begin(), concluded.end(), std::back_inserter(outcomes));
  }
  const auto rest = parts_.ledger.state();
  for (const auto& started : rest->started) {
    UpdateRun run(parts_, started);
    run.enter(Stage::kFetch);
    run.fail(fail(ErrorCode::kInternal, Reason::kInterrupted,
                  "the sidecar was ended before this update went live; what was live before it is "
                  "live"));
    outcomes.push_back(run.finish({}));
  }
  // Last: a later update of the same path, which
  // was interrupted, comes before one that failed.
  reverts_.retry(stop);
  tidy(parts_);
  return outcomes;
}

bool Recovery::is_satisfied(const std::string& path, const results::Entry& wanted) const {
  const auto live = parts_.ledger.state()->live_at(path);
  return (live && live->entry.requested_at > wanted.requested_at) ||
         pipeline_.is_live(path, wanted);
}

bool Recovery::is_replaced(const std::string& path, const results::Entries& wanted) const {
  const auto requested_at = wanted.at(path).requested_at;
  return is_replaced_by(wanted, path, requested_at) ||
         is_replaced_by(parts_.ledger.state()->live, path, requested_at);
}

/// Whether content that is on disk already may be what
/// the store says. Else it comes from its source again.
bool Recovery::may_adopt(const std::string& path, const results::Entry& entry) const {
  const auto ok = signatures_.check_live(request_for(path, entry));
  if (!ok)
    log::info("content on disk is not taken as what is wanted",
              {{"path", path}, {"error", ok.error().message}});
  return ok.has_value();
}

/// Notes content that is on disk already as what the store says it is.
Outcome Recovery::adopt(const std::string& path, const results::Entry& entry) {
  UpdateRun run(parts_, request_for(path, entry));
  auto& outcome = run.outcome;
  outcome.kind = OutcomeKind::kUnchanged;
  outcome.stage = Stage::kVerify;
  outcome.message = "already on disk at start";
  const auto digest = parts_.publisher.live_digest(path);
  LiveContent found{entry, digest && *digest ? (*digest)->bytes : 0, "", ""};
  if (digest && *digest) found.entry.sha256 = (*digest)->sha256;
  // A tree is seen to be live only where its index is known.
  const auto live = parts_.ledger.state()->live_at(path);
  if (entry.tree && live) {
    found = *live;
    found.entry = entry;
    found.entry.tree = live->entry.tree;
  }
  note_content(outcome, found);
  return run.finish({{}, {{path, std::move(found)}}});
}

/// The updates to carry out. Paths that need none are in `restored`
/// then, and what an order would take away has become wanted.
std::vector<PlannedUpdate> Recovery::plan(results::Entries& wanted, Restored& restored) {
  std::vector<PlannedUpdate> updates;
  const auto unreverted = parts_.ledger.state()->paths_to_revert();
  for (const auto& [path, entry] : wanted) {
    if (is_replaced(path, wanted)) continue;
    if (unreverted.contains(path)) {
      restored.missing[path] = entry;
      restored.reason[path] =
          fail(ErrorCode::kInternal, Reason::kRevertPending,
               "an update failed, and the old content could not be reverted to yet");
      continue;
    }
    const auto live = parts_.ledger.state()->live_at(path);
    const bool is_known = live && live->entry.requested_at >= entry.requested_at;
    if (is_satisfied(path, entry) && (is_known || may_adopt(path, entry))) {
      if (!is_known) restored.outcomes.push_back(adopt(path, entry));
      continue;
    }
    auto kept = kept_for_entry(parts_, path, entry);
    if (!kept && entry.url.empty()) {
      log::info("this pod keeps the content that it came with",
                {{"path", path}, {"version", entry.version}});
      continue;
    }
    updates.push_back({request_for(path, entry), std::move(kept)});
  }
  add_what_is_in(updates, wanted);
  std::ranges::stable_sort(
      updates, {}, [](const PlannedUpdate& planned) { return planned.request.requested_at; });
  return updates;
}

/// Adds later updates in a folder: the new folder does not have them.
void Recovery::add_what_is_in(std::vector<PlannedUpdate>& updates, results::Entries& wanted) const {
  const auto state = parts_.ledger.state();
  results::Entries folders;
  for (const auto& planned : updates)
    if (planned.request.tree) folders[planned.request.path] = wanted.at(planned.request.path);
  for (const auto& each : state->live) {
    const auto& path = each.first;
    const auto& file = each.second;
    const auto is_above = [&](const auto& folder) {
      return results::is_in_tree(path, folder.first);
    };
    const auto is_it = [&](const PlannedUpdate& planned) { return planned.request.path == path; };
    if (!std::ranges::any_of(folders, is_above) ||
        is_replaced_by(folders, path, file.entry.requested_at) ||
        std::ranges::any_of(updates, is_it) || file.entry.url.empty())
      continue;
    wanted[path] = file.entry;
    updates.push_back({request_for(path, file.entry), kept_for_entry(parts_, path, file.entry)});
  }
}

Restored Recovery::restore(results::Entries wanted, const std::stop_token& stop) {
  Restored restored;
  const auto note_missing = [&](const std::string& path, const Error& reason) {
    restored.missing[path] = wanted.at(path);
    restored.reason[path] = reason;
  };
  auto updates = plan(wanted, restored);
  auto carried =
      pipeline_.carry_out(std::move(updates), Origin::kRestored, "restored at start; ", stop);
  for (const auto& [path, error] : carried.not_live) {
    note_missing(path, error);
    if (blames_the_entry(error)) restored.unusable.insert(path);
    log::warn(
        "a file could not be restored yet",
        {{"path", path}, {"reason", to_string(shown_reason(error))}, {"error", error.message}});
  }
  for (auto& outcome : carried.outcomes) {
    if (outcome.error) {
      note_missing(outcome.path, {*outcome.error, outcome.message, outcome.reason});
      const bool is_unhealthy =
          outcome.stage == Stage::kConfirm && outcome.error != ErrorCode::kStopping;
      if (is_unhealthy) restored.given_up.insert(outcome.path);
    }
    restored.outcomes.push_back(std::move(outcome));
  }
  return restored;
}

}  // namespace okg::hot_update
