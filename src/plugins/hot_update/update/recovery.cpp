// What a start does: finishes or undoes what a crash left under way, and makes the pod run what it
// should.
#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "plugins/hot_update/game/notify.hpp"
#include "plugins/hot_update/update/pipeline.hpp"

namespace okg::hot_update {

api::UpdateRequest request_for(const std::string& path, const results::FileEntry& entry) {
  api::UpdateRequest request;
  request.version = entry.version;
  request.url = entry.url;
  request.path = path;
  request.sha256 = entry.sha256;
  request.scope = entry.scope;
  request.requested_at = entry.requested_at;
  return request;
}

/// After it the old content that a failed update could not put back is live and durable, or what
/// somebody else put there, which is left alone. True when something was put back. Errors: neither
/// is so yet.
Result<bool> Pipeline::undo(const Pending& pending) const {
  const auto digest = publisher_.live_digest(pending.path);
  const bool is_still_there =
      !digest || (*digest && (*digest)->sha256 == pending.next.entry.sha256);
  if (is_still_there || (!*digest && pending.previous)) {
    auto back = publisher_.put_back(pending);
    if (!back) return back.error();
    if (back->unsynced) return *std::move(back->unsynced);
    return true;
  }
  // A folder that is gone holds nothing to sync.
  if (auto ok = publisher_.sync(pending.path); !ok && ok.error().code != ErrorCode::kNotFound)
    return ok.error();
  return false;
}

void Pipeline::undo_answered(const std::stop_token& stop) {
  bool is_settled = false;
  bool is_changed = false;
  for (const auto& pending : ledger_.pending()) {
    if (!pending.is_answered) continue;
    const auto undone = undo(pending);
    if (!undone) {
      log::warn("the old content could not be put back yet",
                {{"path", pending.path}, {"error", undone.error().message}});
      continue;
    }
    ledger_.drop_intent(pending.seq);
    is_settled = true;
    is_changed = is_changed || *undone;
    if (*undone)
      log::info("the old content is live again",
                {{"path", pending.path}, {"failedVersion", pending.next.entry.version}});
  }
  if (!is_settled) return;
  if (auto ok = ledger_.flush(); !ok)
    log::warn("the journal did not take that old content is live again",
              {{"error", ok.error().message}});
  if (is_changed)
    if (auto told = notify(settings_, client(), Audience::started_before(now()), stop); !told)
      log::warn("the game could not be told that the old content is live again",
                {{"error", told.error().message}});
  publisher_.tidy();
}

std::vector<Outcome> Pipeline::resolve_interrupted(const std::stop_token& stop) {
  std::vector<Outcome> outcomes;
  std::vector<InFlight> live;
  for (const auto& pending : ledger_.pending()) {
    if (pending.is_answered) continue;
    Run run;
    run.outcome.seq = pending.seq;
    const auto& entry = pending.next.entry;
    run.outcome.version = entry.version;
    run.outcome.url = entry.url;
    run.outcome.path = pending.path;
    run.outcome.requested_at = entry.requested_at;
    run.outcome.sha256 = entry.sha256->hex();
    run.outcome.bytes = pending.next.bytes;
    enter(run, "publish");
    const auto digest = publisher_.live_digest(pending.path);
    if (digest && *digest && (*digest)->sha256 == *entry.sha256) {
      const auto since = publisher_.live_since(pending.path);
      PublishedUpdate published{pending, since ? *since : now(), {}};
      if (auto ok = publisher_.sync(pending.path); !ok) published.unsynced = std::move(ok).error();
      live.push_back({std::move(run), std::move(published)});
      continue;
    }
    run.outcome.message = "the sidecar was ended before this update was done; ";
    auto back = Back::kYes;
    if (digest && *digest)
      run.outcome.message += "the old content is live";
    else
      run.outcome.message += digest ? "no regular file is live"
                                    : "what is live now cannot be read: " + digest.error().message;
    const bool had_content = pending.previous || !pending.link.empty();
    if (!digest || (!*digest && had_content)) back = put_back(pending, run);
    // It may have ended while it took the new content back, and the game not been told of that.
    if (auto told = notify(settings_, client(), Audience::started_before(now()), stop); !told)
      run.outcome.message += "; telling the game of it failed: " + told.error().message;
    UpdateEnd end;
    end.stays_pending = back != Back::kYes;
    outcomes.push_back(finish(run, std::move(end)));
  }
  if (!live.empty()) {
    auto since = live.front().published.live_since;
    for (const auto& each : live) since = std::max(since, each.published.live_since);
    auto settled = settle(std::move(live), Audience::started_before(since),
                          "finished after the sidecar was ended in the middle of it; ", stop);
    std::move(settled.begin(), settled.end(), std::back_inserter(outcomes));
  }
  for (const auto& started : ledger_.started()) {
    Run run;
    run.outcome = started;
    enter(run, "fetch");
    run.outcome.message =
        "the sidecar was ended before this update went live; what was live before it is live";
    outcomes.push_back(finish(run, {}));
  }
  // Last: a later update of the same path, which was interrupted, comes before one that failed.
  undo_answered(stop);
  publisher_.tidy();
  return outcomes;
}

bool Pipeline::is_live(const std::string& path, const results::FileEntry& wanted) const {
  const auto digest = publisher_.live_digest(path);
  if (!digest || !*digest) return false;
  if (wanted.sha256) return (*digest)->sha256 == *wanted.sha256;
  // An entry of the original sidecar names no checksum: ours of the same version and address has to
  // stand for it.
  const auto live = ledger_.live(path);
  return live && live->entry.version == wanted.version && live->entry.url == wanted.url &&
         live->entry.sha256 == (*digest)->sha256;
}

/// Whether nothing has to be done about it: it is live, or something that was asked for later is.
bool Pipeline::is_settled(const std::string& path, const results::FileEntry& wanted) const {
  const auto live = ledger_.live(path);
  return (live && live->entry.requested_at > wanted.requested_at) || is_live(path, wanted);
}

/// Notes content that is on disk already as what the store says it is.
Outcome Pipeline::adopt(const std::string& path, const results::FileEntry& entry) {
  auto run = begin(request_for(path, entry));
  run.outcome.kind = OutcomeKind::kUnchanged;
  run.outcome.stage = "verify";
  run.outcome.message = "already on disk at start";
  const auto digest = publisher_.live_digest(path);
  LiveFile found{entry, digest && *digest ? (*digest)->bytes : 0, "", ""};
  if (digest && *digest) found.entry.sha256 = (*digest)->sha256;
  run.outcome.sha256 = found.entry.sha256 ? found.entry.sha256->hex() : "";
  run.outcome.bytes = found.bytes;
  return finish(run, {{}, std::move(found)});
}

/// Kept content that is what the entry says, so that nothing has to be fetched.
std::optional<KeptFile> Pipeline::kept_content_of(const std::string& path,
                                                  const results::FileEntry& entry) const {
  const auto kept = ledger_.kept();
  const auto found = std::find_if(kept.rbegin(), kept.rend(), [&](const KeptFile& each) {
    if (each.path != path) return false;
    return each.was ? entry.sha256 && each.was->entry.sha256 == entry.sha256 : entry.url.empty();
  });
  if (found == kept.rend()) return std::nullopt;
  return *found;
}

Restored Pipeline::restore(const results::Files& wanted, const std::stop_token& stop) {
  Restored restored;
  std::vector<InFlight> updates;
  const auto to_be_put_back = ledger_.to_be_put_back();
  for (const auto& [path, entry] : wanted) {
    if (to_be_put_back.contains(path)) {
      restored.missing[path] = entry;
      restored.reason[path] =
          "the old content could not be put back yet after an update that failed";
      continue;
    }
    if (is_settled(path, entry)) {
      const auto live = ledger_.live(path);
      if (!live || live->entry.requested_at < entry.requested_at)
        restored.outcomes.push_back(adopt(path, entry));
      continue;
    }
    const auto kept = kept_content_of(path, entry);
    if (!kept && entry.url.empty()) {
      log::info("this pod keeps the content that it came with",
                {{"path", path}, {"version", entry.version}});
      continue;
    }
    auto run = begin(request_for(path, entry));
    auto published = put_live(request_for(path, entry), kept ? &*kept : nullptr, run, stop);
    if (published && *published) {
      updates.push_back({std::move(run), std::move(**published)});
    } else if (!published) {
      restored.missing[path] = entry;
      restored.reason[path] = published.error().message;
      log::warn("a file could not be restored yet",
                {{"path", path}, {"error", published.error().message}});
    }
  }
  if (updates.empty()) return restored;

  // A process that started before the last of them was in place has not read all of it.
  auto since = updates.front().published.live_since;
  for (const auto& each : updates) since = std::max(since, each.published.live_since);
  for (auto& outcome :
       settle(std::move(updates), Audience::started_before(since), "restored at start; ", stop)) {
    if (outcome.kind != OutcomeKind::kSucceeded) {
      restored.missing[outcome.path] = wanted.at(outcome.path);
      restored.reason[outcome.path] = outcome.message;
      restored.gave_up =
          restored.gave_up || (outcome.stage == "confirm" && outcome.error != ErrorCode::kStopping);
    }
    restored.outcomes.push_back(std::move(outcome));
  }
  return restored;
}

}  // namespace okg::hot_update
