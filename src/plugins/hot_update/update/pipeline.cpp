#include "plugins/hot_update/update/pipeline.hpp"

#include "plugins/hot_update/update/update_log.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "content/download.hpp"
#include "content/url_expiry.hpp"
#include "plugins/hot_update/game/health.hpp"
#include "plugins/hot_update/game/notify.hpp"

namespace okg::hot_update {

using std::chrono::milliseconds;

Pipeline::Pipeline(const Settings& settings, const StateDir& state, Ledger& ledger,
                   std::function<void(std::string_view)> on_stage,
                   std::function<std::optional<Error>()> reason_to_end)
    : settings_(settings),
      state_(state),
      ledger_(ledger),
      on_stage_(std::move(on_stage)),
      reason_to_end_(std::move(reason_to_end)),
      publisher_(settings, state, ledger) {}

http::Client& Pipeline::client() {
  if (!client_) client_ = std::make_unique<http::Client>();
  return *client_;
}

void take_error(Outcome& outcome, const Error& error) {
  outcome.kind = OutcomeKind::kFailed;
  outcome.error = error.code;
  outcome.message = error.message;
}

Pipeline::Run Pipeline::begin(const api::UpdateRequest& request) {
  Run run;
  run.outcome.seq = ledger_.next_seq();
  run.outcome.stage = "request";
  run.outcome.version = request.version;
  run.outcome.url = request.url;
  run.outcome.path = request.path;
  run.outcome.requested_at = request.requested_at;
  log_started(run.outcome);
  return run;
}

void Pipeline::enter(Run& run, std::string_view stage) const {
  const auto now = Run::Clock::now();
  if (!run.outcome.stages.empty())
    run.outcome.stages.back().duration =
        std::chrono::duration_cast<milliseconds>(now - run.stage_began);
  run.stage_began = now;
  run.outcome.stages.push_back({std::string(stage), milliseconds(0)});
  run.outcome.stage = stage;
  log_stage(run.outcome);
  on_stage_(stage);
}

Outcome Pipeline::finish(Run& run, UpdateEnd end) {
  auto& outcome = run.outcome;
  const auto ended = Run::Clock::now();
  if (!outcome.stages.empty())
    outcome.stages.back().duration =
        std::chrono::duration_cast<milliseconds>(ended - run.stage_began);
  outcome.finished_at = now();
  outcome.duration = std::chrono::duration_cast<milliseconds>(ended - run.started);
  end.outcome = outcome;
  if (auto ok = ledger_.note_ended(end, settings_.keep_versions); ok)
    publisher_.tidy();
  else  // The content stands; a start that comes before the next line finds the update unfinished
        // in the journal and finishes it.
    log::error("the outcome could not be journaled", {{"error", ok.error().message}});
  log_ended(outcome);
  on_stage_("");
  return outcome;
}

namespace {

/// Pods that are added later start from the URL, when it may no longer work.
void warn_if_url_expires(Outcome& outcome) {
  const auto expiry = content::url_expiry(outcome.url);
  if (!expiry) return;
  outcome.warnings.push_back(
      {"SourceAddressExpires",
       std::string(*expiry < now() ? "the URL expired at " : "the URL expires at ") +
           format_timestamp(*expiry) +
           "; a pod that starts later without this content cannot download it. Sign the URL for "
           "longer, or use one that does not expire"});
}

/// Another version with the same bytes may be a cache's mistake.
void warn_if_unchanged(Outcome& outcome, const LiveFile& before, const Sha256& sha256) {
  if (before.entry.version == outcome.version || before.entry.sha256 != sha256) return;
  outcome.warnings.push_back(
      {"ContentUnchanged", "the content is byte for byte that of version " + before.entry.version +
                               "; if it should differ, a cache answered with the old one: send the "
                               "update again with force=true, which asks past caches"});
}

}  // namespace

Result<std::optional<content::StagedContent>> Pipeline::acquire(const api::UpdateRequest& request,
                                                                const KeptFile* kept,
                                                                const std::optional<LiveFile>& live,
                                                                Run& run,
                                                                const std::stop_token& stop) {
  std::optional<content::StagedContent> file;
  if (kept != nullptr) {
    auto staged = publisher_.stage_kept(*kept, request.sha256, run.outcome.seq);
    if (!staged) return staged.error();
    file.emplace(std::move(*staged));
  } else {
    const bool as_asked_for = live && (!request.sha256 || live->entry.sha256 == request.sha256);
    const auto validators =
        as_asked_for ? content::Validators{live->etag, live->last_modified} : content::Validators{};
    const auto staging = state_.staging() / std::to_string(run.outcome.seq);
    auto fetched = content::download(
        [this](const http::ClientRequest& call, http::ResponseSink& sink, std::stop_token ends) {
          return client().send(call, sink, std::move(ends));
        },
        {request.url, validators, request.force, request.sha256}, staging, settings_.download,
        stop);
    if (!fetched) return fetched.error();
    if (std::holds_alternative<content::NotModified>(*fetched)) {
      run.outcome.sha256 = live->entry.sha256->hex();
      run.outcome.bytes = live->bytes;
      return file;
    }
    enter(run, "verify");
    auto& downloaded = std::get<content::DownloadedFile>(*fetched);
    run.outcome.sha256 = downloaded.digest.sha256.hex();
    run.outcome.bytes = downloaded.digest.bytes;
    for (auto& warning : downloaded.warnings) run.outcome.warnings.push_back(std::move(warning));
    auto verified = content::StagedContent::verify(std::move(downloaded), request.url,
                                                   request.sha256, settings_.download);
    if (!verified) return verified.error();
    file.emplace(std::move(*verified));
  }
  run.outcome.sha256 = file->sha256().hex();
  run.outcome.bytes = file->bytes();
  return file;
}

Result<std::optional<PublishedUpdate>> Pipeline::put_live(const api::UpdateRequest& request,
                                                          const KeptFile* kept, Run& run,
                                                          const std::stop_token& stop) {
  enter(run, "fetch");
  if (auto ok = publisher_.check(request.path); !ok) return ok.error();
  auto live = ledger_.live(request.path);
  if (live && !is_live(request.path, live->entry)) live.reset();
  const auto before = live;
  if (live && (live->entry.version != request.version || live->entry.url != request.url))
    live.reset();
  auto file = acquire(request, kept, live, run, stop);
  if (!file) return file.error();
  if (!*file || (live && live->entry.sha256 == (*file)->sha256()))
    return std::optional<PublishedUpdate>();
  if (kept == nullptr && before) warn_if_unchanged(run.outcome, *before, (*file)->sha256());

  enter(run, "publish");
  if (stop.stop_requested())
    return fail(ErrorCode::kStopping, "stopped before the content went live");
  auto published = publisher_.publish(std::move(**file), request, run.outcome.seq,
                                      kept != nullptr ? kept->name : "");
  if (!published) return published.error();
  return std::optional<PublishedUpdate>(std::move(*published));
}

Result<std::string> Pipeline::notify_game(const Runs& runs, const Audience& audience,
                                          const std::stop_token& stop) {
  for (auto* run : runs) enter(*run, "trigger");
  auto told = notify(settings_, client(), audience, stop);
  if (!told) return told.error();
  // At a start the game may not run yet; that it is well can only be seen of one that does.
  const bool runs_on_it = audience.who == Audience::Who::kEveryone || told->notified;
  if (!runs_on_it || !is_checked(settings_, *told)) return std::move(told->message);
  for (auto* run : runs) enter(*run, "confirm");
  if (auto healthy = check_health(settings_, client(), *told, stop); !healthy)
    return healthy.error().in(told->message);
  return settings_.confirm.any() ? told->message + "; the game is healthy" : told->message;
}

std::vector<Outcome> Pipeline::settle(std::vector<InFlight> updates, const Audience& audience,
                                      std::string_view how, const std::stop_token& stop) {
  for (const auto& update : updates) {
    if (!update.published.unsynced) continue;
    const auto error = *update.published.unsynced;
    return take_back(std::move(updates), audience, error);
  }
  Runs runs;
  for (auto& update : updates) runs.push_back(&update.run);
  const auto told = notify_game(runs, audience, stop);
  if (!told) return take_back(std::move(updates), audience, told.error());
  std::vector<Outcome> outcomes;
  for (auto& [run, published] : updates) {
    enter(run, "record");
    run.outcome.kind = OutcomeKind::kSucceeded;
    run.outcome.message = std::string(how) + *told;
    auto& pending = published.pending;
    outcomes.push_back(finish(run, {{}, pending.next, pending.previous, pending.used}));
  }
  return outcomes;
}

/// The old content is live again, and a game that was told of the new one is told again.
std::vector<Outcome> Pipeline::take_back(std::vector<InFlight> updates, const Audience& audience,
                                         const Error& error) {
  const auto stage = updates.front().run.outcome.stage;
  const bool was_told = stage == "confirm";
  std::vector<UpdateEnd> ends;
  for (auto& [run, published] : updates) {
    take_error(run.outcome, error);
    const auto& pending = published.pending;
    const auto back = put_back(pending, run);
    if (back != Back::kNo && was_told) run.outcome.kind = OutcomeKind::kRolledBack;
    UpdateEnd end;
    end.stays_pending = back != Back::kYes;
    ends.push_back(std::move(end));
  }
  // Also after a failed trigger: of several processes, some may have been told. One that starts now
  // reads the old content. Of what this process just published and told nobody of, nobody has to
  // hear.
  const bool may_be_told = stage != "publish" || audience.who == Audience::Who::kStartedBefore;
  Result<NotifyOutcome> again;
  if (may_be_told) again = notify(settings_, client(), Audience::started_before(now()), {});
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < updates.size(); ++i) {
    auto& run = updates[i].run;
    if (was_told)
      run.outcome.message += again
                                 ? "; " + again->message
                                 : "; telling the game of it failed too: " + again.error().message;
    outcomes.push_back(finish(run, ends[i]));
  }
  return outcomes;
}

/// Says in the outcome what was done.
Pipeline::Back Pipeline::put_back(const Pending& pending, Run& run) const {
  auto& message = run.outcome.message;
  const auto back = publisher_.put_back(pending);
  if (!back) {
    message += "; putting the old content back failed too: " + back.error().message +
               "; it is tried again until it works";
    return Back::kNo;
  }
  if (pending.previous)
    message += "; the old content is live again";
  else
    message += pending.link.empty() ? "; there was no content before, so the file was removed"
                                    : "; the symlink that was there before is back";
  if (!back->unsynced) return Back::kYes;
  message += ", which a power cut may undo: " + back->unsynced->message;
  return Back::kUnsynced;
}

Outcome Pipeline::update(const api::UpdateRequest& request, const std::stop_token& stop) {
  undo_answered(stop);
  return request.rollback ? roll_back(request, stop) : carry_out(request, nullptr, stop);
}

Outcome Pipeline::roll_back(api::UpdateRequest request, const std::stop_token& stop) {
  auto kept = kept_for(request);
  if (!kept) {
    auto run = begin(request);
    take_error(run.outcome, kept.error());
    return finish(run, {});
  }
  request.path = kept->path;
  request.version = kept->was ? kept->was->entry.version : std::string(kOriginalVersion);
  request.url = kept->was ? kept->was->entry.url : "";
  return carry_out(std::move(request), &*kept, stop);
}

Outcome Pipeline::carry_out(api::UpdateRequest request, const KeptFile* kept,
                            const std::stop_token& stop) {
  // The newest request wins, also when the clock was set back since the last one.
  if (const auto live = ledger_.live(request.path))
    request.requested_at =
        std::max(request.requested_at, live->entry.requested_at + std::chrono::microseconds(1));
  auto run = begin(request);
  warn_if_url_expires(run.outcome);
  if (auto ok = ledger_.note_started(run.outcome); !ok) {
    take_error(run.outcome, ok.error());
    return finish(run, {});
  }
  auto published = put_live(request, kept, run, stop);
  if (!published) {
    const bool was_ended = published.error().code == ErrorCode::kStopping;
    const auto reason = was_ended ? reason_to_end_() : std::nullopt;
    take_error(run.outcome, reason ? *reason : published.error());
    return finish(run, {});
  }
  if (!*published) return notify_unchanged(request, std::move(run), stop);
  std::vector<InFlight> updates;
  updates.push_back({std::move(run), std::move(**published)});
  return settle(std::move(updates), Audience::everyone(),
                kept != nullptr ? "kept content is live again; " : "", stop)
      .front();
}

/// The content is live already: only who asked for it and when changes, and the game is told only
/// when that is forced.
Outcome Pipeline::notify_unchanged(const api::UpdateRequest& request, Run run,
                                   const std::stop_token& stop) {
  run.outcome.kind = OutcomeKind::kUnchanged;
  run.outcome.message =
      "the same version, address and content is live already; the game was not told";
  if (request.force) {
    const auto told = notify_game({&run}, Audience::everyone(), stop);
    if (!told) {
      take_error(run.outcome, told.error());
      return finish(run, {});
    }
    enter(run, "record");
    run.outcome.message = *told;
  }
  auto live = ledger_.live(request.path);
  live->entry.requested_at = request.requested_at;
  live->entry.scope = request.scope;
  return finish(run, {{}, std::move(live)});
}

/// Which kept content a rollback means: the newest of the path that was updated last, unless the
/// request says more.
Result<KeptFile> Pipeline::kept_for(const api::UpdateRequest& request) const {
  auto path = request.path;
  const auto history = ledger_.history();
  for (auto last = history.rbegin(); path.empty() && last != history.rend(); ++last)
    if (last->kind == OutcomeKind::kSucceeded) path = last->path;
  if (path.empty())
    return fail(ErrorCode::kNotFound, "nothing was updated yet that could be rolled back");
  const auto kept = ledger_.kept();
  std::string versions;
  for (auto each = kept.rbegin(); each != kept.rend(); ++each) {
    if (each->path != path) continue;
    const auto version = each->was ? std::string_view(each->was->entry.version) : kOriginalVersion;
    if (request.version.empty() || request.version == version) return *each;
    versions += (versions.empty() ? "" : ", ") + std::string(version);
  }
  if (versions.empty())
    return fail(ErrorCode::kNotFound,
                "no earlier content of '" + path + "' is kept (keepVersions is " +
                    std::to_string(settings_.keep_versions) + "); send an update from its source");
  return fail(ErrorCode::kNotFound, "no kept content of '" + path + "' has the version " +
                                        request.version + "; kept are, newest first: " + versions);
}

}  // namespace okg::hot_update
