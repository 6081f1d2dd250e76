#include "plugins/hot_update/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "plugins/hot_update/fetch.hpp"
#include "plugins/hot_update/trigger.hpp"
#include "plugins/hot_update/verify.hpp"

namespace okg::hot_update {

using Clock = std::chrono::steady_clock;

struct Pipeline::Run {
  Outcome outcome;
  Clock::time_point started = Clock::now();
};

Pipeline::Pipeline(const Settings& settings, const StateDir& state, Ledger& ledger,
                   std::function<void(std::string_view)> on_stage)
    : settings_(settings),
      state_(state),
      ledger_(ledger),
      on_stage_(std::move(on_stage)),
      publisher_(settings, state, ledger) {}

namespace {

Outcome outcome_for(std::uint64_t seq, const UpdateRequest& request) {
  Outcome outcome;
  outcome.seq = seq;
  outcome.version = request.version;
  outcome.url = request.url;
  outcome.path = request.path;
  outcome.requested_at = request.requested_at;
  return outcome;
}

UpdateRequest request_for(const std::string& path, const store::FileEntry& entry) {
  UpdateRequest request;
  request.version = entry.version;
  request.url = entry.url;
  request.path = path;
  request.sha256 = entry.sha256;
  request.scope = entry.scope;
  request.requested_at = entry.requested_at;
  return request;
}

UpdateRequest request_for(const Pending& pending) { return request_for(pending.path, pending.next.entry); }

void take_error(Outcome& outcome, const Error& error) {
  outcome.kind = OutcomeKind::kFailed;
  outcome.error = error.code;
  outcome.message = error.message;
}

}  // namespace

void Pipeline::enter(Run& run, std::string_view stage) {
  run.outcome.stage = stage;
  on_stage_(stage);
}

Outcome Pipeline::finish(Run& run, Ledger::End end) {
  auto& outcome = run.outcome;
  outcome.finished_at = now();
  outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - run.started);
  end.outcome = outcome;
  auto dropped = ledger_.end(end, settings_.keep_versions);
  if (dropped)
    publisher_.forget(*dropped);
  else  // The content stands; the next start finds the update unfinished in the journal and finishes it.
    log::error("the outcome could not be journaled", {{"error", dropped.error().message}});
  log::write(
      outcome.kind == OutcomeKind::kFailed || outcome.kind == OutcomeKind::kRolledBack ? log::Level::kError : log::Level::kInfo,
      "update ended",
      {{"result", std::string(to_string(outcome.kind))},
       {"version", outcome.version},
       {"path", outcome.path},
       {"url", outcome.url},
       {"stage", outcome.stage},
       {"message", outcome.message},
       {"bytes", std::to_string(outcome.bytes)},
       {"durationMs", std::to_string(outcome.duration.count())}});
  on_stage_("");
  return outcome;
}

bool Pipeline::is_live(const std::string& path, const store::FileEntry& wanted) const {
  const auto digest = publisher_.live_digest(path);
  if (!digest || !*digest) return false;
  if (wanted.sha256) return (*digest)->sha256 == *wanted.sha256;
  // An entry of the original sidecar names no checksum: ours of the same version and address has to stand for it.
  const auto live = ledger_.live(path);
  return live && live->entry.version == wanted.version && live->entry.url == wanted.url &&
         live->entry.sha256 == (*digest)->sha256;
}

/// Fetch, verify, publish; or nothing, when the same version and address brings what is live already.
Result<Pipeline::PutLive> Pipeline::put_live(const UpdateRequest& request, Run& run, const std::stop_token& stop) {
  enter(run, "fetch");
  if (auto ok = publisher_.check(request.path); !ok) return fail(std::move(ok).error());
  const auto live = ledger_.live(request.path);
  const bool same =
      live && live->entry.version == request.version && live->entry.url == request.url && is_live(request.path, live->entry);
  const bool asked_for = !request.sha256 || (live && live->entry.sha256 == request.sha256);
  const auto validators = same && asked_for ? Validators{live->etag, live->last_modified} : Validators{};
  if (!client_) client_ = std::make_unique<http::Client>();
  auto fetched =
      fetch(*client_, request.url, validators, state_.staging() / std::to_string(run.outcome.seq), settings_.download, stop);
  if (!fetched) return fail(std::move(fetched).error());
  if (std::holds_alternative<NotModified>(*fetched)) {
    run.outcome.sha256 = live->entry.sha256->hex();
    run.outcome.bytes = live->bytes;
    return PutLive(Unchanged{});
  }

  enter(run, "verify");
  auto& file = std::get<FetchedFile>(*fetched);
  run.outcome.sha256 = file.sha256.hex();
  run.outcome.bytes = file.bytes;
  auto verified = verify(std::move(file), request, settings_.download);
  if (!verified) return fail(std::move(verified).error());
  if (same && live->entry.sha256 == verified->fetched.sha256) return PutLive(Unchanged{});

  enter(run, "publish");
  if (stop.stop_requested()) return fail(ErrorCode::kStopping, "stopped before the content went live");
  auto published = publisher_.publish(std::move(*verified), request, run.outcome.seq);
  if (!published) return fail(std::move(published).error());
  return PutLive(std::move(*published));
}

/// Puts the old content back after a failure that came after publish, and says so in the outcome.
void Pipeline::undo(const Pending& pending, Run& run) {
  auto& outcome = run.outcome;
  if (auto ok = publisher_.put_back(pending); !ok) {
    outcome.message += "; putting the old content back failed too: " + ok.error().message;
    return;
  }
  outcome.message +=
      pending.previous ? "; the old content is live again" : "; there was no content before, so the file was removed";
}

Outcome Pipeline::update(const UpdateRequest& request, const std::stop_token& stop) {
  Run run;
  run.outcome = outcome_for(ledger_.next_seq(), request);
  auto& outcome = run.outcome;
  auto put = put_live(request, run, stop);
  if (!put) {
    take_error(outcome, put.error());
    return finish(run, {});
  }
  auto* published = std::get_if<PublishedUpdate>(&*put);
  if (published == nullptr && !request.force) {
    outcome.kind = OutcomeKind::kUnchanged;
    outcome.message = "the same version, address and content is live already; the game was not told";
    auto live = ledger_.live(request.path);
    live->entry.requested_at = request.requested_at;
    live->entry.scope = request.scope;
    return finish(run, {.outcome = {}, .live = std::move(live), .removed = false, .kept = {}});
  }

  enter(run, "trigger");
  auto told = trigger(settings_, std::nullopt, stop);
  if (!told) {
    take_error(outcome, told.error());
    if (published == nullptr) return finish(run, {});
    undo(published->pending, run);
    auto ended = finish(run, {});
    if (published->pending.previous) publisher_.forget({*published->pending.previous});
    return ended;
  }
  enter(run, "record");
  outcome.kind = published != nullptr ? OutcomeKind::kSucceeded : OutcomeKind::kUnchanged;
  outcome.message = std::move(told->message);
  if (published != nullptr)
    return finish(run, {.outcome = {}, .live = published->pending.next, .removed = false, .kept = published->pending.previous});
  auto live = ledger_.live(request.path);
  live->entry.requested_at = request.requested_at;
  live->entry.scope = request.scope;
  return finish(run, {.outcome = {}, .live = std::move(live), .removed = false, .kept = {}});
}

std::vector<Outcome> Pipeline::resolve_interrupted(const std::stop_token& stop) {
  std::vector<Outcome> outcomes;
  for (const auto& pending : ledger_.pending()) {
    Run run;
    run.outcome = outcome_for(pending.seq, request_for(pending));
    auto& outcome = run.outcome;
    outcome.sha256 = pending.next.entry.sha256->hex();
    outcome.bytes = pending.next.bytes;
    enter(run, "trigger");
    const auto digest = publisher_.live_digest(pending.path);
    const bool went_live = digest && *digest && (*digest)->sha256 == *pending.next.entry.sha256;
    if (!went_live) {
      outcome.stage = "publish";
      outcome.message = "the sidecar was ended before the content went live; the old content is live";
      if (digest && !*digest && pending.previous) undo(pending, run);
      outcomes.push_back(finish(run, {}));
      continue;
    }
    const auto since = publisher_.live_since(pending.path);
    auto told = trigger(settings_, since ? *since : now(), stop);
    if (!told) {
      take_error(outcome, told.error());
      undo(pending, run);
      outcomes.push_back(finish(run, {}));
      continue;
    }
    outcome.kind = OutcomeKind::kSucceeded;
    outcome.message = "finished after the sidecar was ended in the middle of it; " + told->message;
    outcomes.push_back(finish(run, {.outcome = {}, .live = pending.next, .removed = false, .kept = pending.previous}));
  }
  publisher_.forget_unknown();
  return outcomes;
}

std::vector<Outcome> Pipeline::restore(store::Files& wanted, const std::stop_token& stop) {
  std::vector<Outcome> outcomes;
  std::vector<std::pair<Run, PublishedUpdate>> published;
  const auto files = wanted;
  for (const auto& [path, entry] : files) {
    const auto live = ledger_.live(path);
    // A live update that was asked for later wins over what the workload ran before.
    if ((live && live->entry.requested_at > entry.requested_at) || is_live(path, entry)) {
      wanted.erase(path);
      if (!live || live->entry.requested_at < entry.requested_at) {
        Run run;
        run.outcome = outcome_for(ledger_.next_seq(), request_for(path, entry));
        run.outcome.kind = OutcomeKind::kUnchanged;
        run.outcome.stage = "verify";
        run.outcome.message = "already on disk at start";
        const auto digest = publisher_.live_digest(path);
        LiveFile found{entry, digest && *digest ? (*digest)->bytes : 0, "", ""};
        outcomes.push_back(finish(run, {.outcome = {}, .live = std::move(found), .removed = false, .kept = {}}));
      }
      continue;
    }
    const auto request = request_for(path, entry);
    Run run;
    run.outcome = outcome_for(ledger_.next_seq(), request);
    auto put = put_live(request, run, stop);
    if (!put) {
      take_error(run.outcome, put.error());
      log::warn("a file could not be restored yet", {{"path", path}, {"error", run.outcome.message}});
      continue;
    }
    if (auto* update = std::get_if<PublishedUpdate>(&*put)) published.emplace_back(std::move(run), std::move(*update));
  }
  if (published.empty()) return outcomes;

  // Content that is in place before the first of them was: only an older process has to be told.
  auto first = published.front().second.live_since;
  for (const auto& each : published) first = std::min(first, each.second.live_since);
  auto told = trigger(settings_, first, stop);
  for (auto& [run, update] : published) {
    enter(run, "trigger");
    if (!told) {
      take_error(run.outcome, told.error());
      undo(update.pending, run);
      outcomes.push_back(finish(run, {}));
      continue;
    }
    run.outcome.kind = OutcomeKind::kSucceeded;
    run.outcome.message = "restored at start; " + told->message;
    wanted.erase(update.pending.path);
    outcomes.push_back(
        finish(run, {.outcome = {}, .live = update.pending.next, .removed = false, .kept = update.pending.previous}));
  }
  return outcomes;
}

}  // namespace okg::hot_update
