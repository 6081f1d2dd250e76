#include "plugins/hot_update/update/reverts.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "plugins/hot_update/update/run/retention.hpp"

namespace okg::hot_update {
namespace {

std::string what_is_back(const OldContent& old) {
  switch (old.kind) {
    case OldContent::Kind::kKept: return "the old content is live again";
    case OldContent::Kind::kSymlink: return "the symlink that was there before is back";
    case OldContent::Kind::kNothing: break;
  }
  return "there was no content before, so the file was removed";
}

}  // namespace

Reverts::Done Reverts::revert_files(const Intent& intent, UpdateRun& run) const {
  auto done = Done::kYes;
  for (std::size_t i = 0; i < intent.targets.size(); ++i) {
    const auto& target = intent.targets[i];
    const auto reverted = parts_.publisher.revert(target, kept_name(intent.seq, i));
    if (!reverted) {
      run.say("reverting to the old content failed too: " + reverted.error().message +
              "; it is tried again until it works");
      done = Done::kNo;
      continue;
    }
    run.say(
        what_is_back(target.old) +
        (reverted->unsynced ? ", which a power cut may undo: " + reverted->unsynced->message : ""));
    if (reverted->unsynced && done == Done::kYes) done = Done::kUnsynced;
  }
  return done;
}

std::vector<Outcome> Reverts::revert(std::vector<LiveUpdate> updates, const Audience& audience,
                                     const Error& error) {
  std::deque<Done> done;
  // A game that started by itself may have read the new content.
  auto heard =
      audience.who == Audience::Who::kStartedBefore ? Notified::kPerhapsSome : Notified::kNobody;
  // The last first: it may have changed a file in the tree of an earlier one.
  for (auto update = updates.rbegin(); update != updates.rend(); ++update) {
    auto& [run, intent, live_since, unsynced] = *update;
    run.fail(error);
    done.push_front(revert_files(intent, run));
    if (done.front() != Done::kNo && run.notified == Notified::kEverybody)
      run.outcome.kind = OutcomeKind::kRolledBack;
    heard = std::max(heard, run.notified);
  }
  Result<std::string> again;
  if (heard != Notified::kNobody) again = parts_.game.notify_of_revert({});
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < updates.size(); ++i) {
    auto& run = updates[i].run;
    if (run.notified == Notified::kEverybody)
      run.say(again ? *again : "notifying the game of it failed too: " + again.error().message);
    outcomes.push_back(run.finish({.needs_revert = done[i] != Done::kYes}));
  }
  return outcomes;
}

bool Reverts::has_to_be_reverted(const Target& target) const {
  if (target.swap) {
    const auto live = parts_.publisher.settle(target);
    return !live || *live != LiveSide::kOld;
  }
  const auto digest = parts_.publisher.live_digest(target.path);
  const bool has_failed_content =
      !digest || (*digest && (*digest)->sha256 == target.next.entry.sha256);
  const bool lost_old_content = digest && !*digest && target.old.kind == OldContent::Kind::kKept;
  return has_failed_content || lost_old_content;
}

/// True when something was reverted. What somebody else put there since is left alone.
Result<bool> Reverts::retry(const Target& target, const std::string& name) const {
  if (has_to_be_reverted(target)) {
    const auto reverted = parts_.publisher.revert(target, name);
    if (!reverted) return reverted.error();
    if (reverted->unsynced) return *reverted->unsynced;
    return true;
  }
  // A folder that is gone holds nothing to sync.
  if (auto ok = parts_.publisher.sync(target); !ok && ok.error().code != ErrorCode::kNotFound)
    return ok.error();
  return false;
}

Result<bool> Reverts::retry(const Intent& intent) const {
  bool is_changed = false;
  for (std::size_t i = 0; i < intent.targets.size(); ++i) {
    const auto& target = intent.targets[i];
    const auto reverted = retry(target, kept_name(intent.seq, i));
    if (!reverted) {
      log::warn("the old content could not be reverted to yet",
                {{"path", target.path}, {"error", reverted.error().message}});
      return reverted.error();
    }
    if (*reverted)
      log::info("the old content is live again",
                {{"path", target.path}, {"failedVersion", target.next.entry.version}});
    is_changed = is_changed || *reverted;
  }
  return is_changed;
}

void Reverts::retry(const std::stop_token& stop) {
  bool is_any_done = false;
  bool is_changed = false;
  const auto state = parts_.ledger.state();
  for (const auto& intent : state->intents) {
    if (!intent.needs_revert) continue;
    const auto reverted = retry(intent);
    if (!reverted) continue;
    parts_.ledger.drop_intent(intent.seq);
    is_any_done = true;
    is_changed = is_changed || *reverted;
  }
  if (!is_any_done) return;
  if (auto ok = parts_.ledger.flush(); !ok)
    log::warn("the journal did not take that old content is live again",
              {{"error", ok.error().message}});
  if (is_changed)
    if (auto heard = parts_.game.notify_of_revert(stop); !heard)
      log::warn("the game could not be notified that the old content is live again",
                {{"error", heard.error().message}});
  tidy(parts_);
}

}  // namespace okg::hot_update
