#include "plugins/hot_update/plugin.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "api/file_list.hpp"
#include "api/idempotency_key.hpp"
#include "api/update_request.hpp"
#include "base/log.hpp"
#include "plugins/hot_update/admission.hpp"
#include "plugins/hot_update/answer.hpp"
#include "plugins/hot_update/event_metrics.hpp"
#include "plugins/hot_update/file_lister.hpp"
#include "plugins/hot_update/follow/find_update.hpp"
#include "plugins/hot_update/follow/idempotency.hpp"
#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/game/game_warnings.hpp"
#include "plugins/hot_update/game/process_namespace.hpp"
#include "plugins/hot_update/gauges.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/process_lister.hpp"
#include "plugins/hot_update/running.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "plugins/hot_update/status_view.hpp"
#include "results/open.hpp"
#include "source/policy.hpp"

namespace okg::hot_update {
namespace {

Error not_running() {
  return fail(ErrorCode::kUnavailable, Reason::kNotRunning,
              "hot_update is not running; see /readyz");
}

sidecar::PluginStatus status_of_unknown(const std::optional<Error>& error) {
  if (error) return {false, error->message, shown_reason(*error)};
  return {false, "asking the store what this pod should run", Reason::kRestoring};
}

/// With the reason of the first path that failed.
sidecar::PluginStatus status_of_missing(const WorkStatus& work) {
  if (work.missing.empty())
    return {false, "finishing the update that the last start left in progress", Reason::kRestoring};
  sidecar::PluginStatus status{false, "", Reason::kRestoring};
  for (const auto& [path, why] : work.missing) {
    status.message += (status.message.empty() ? "restoring " : "; restoring ") + path;
    if (!why) continue;
    status.message += " failed: " + why->message;
    if (status.reason == Reason::kRestoring) status.reason = shown_reason(*why);
  }
  return status;
}

class HotUpdate final : public sidecar::Plugin {
 public:
  explicit HotUpdate(Settings settings)
      : settings_(std::move(settings)), policy_(settings_.source) {}

  std::string_view name() const override { return "hot_update"; }
  std::string_view version() const override { return "1"; }

  Result<void> init(sidecar::Host& host) override {
    host_ = &host;
    settings_.main_process_expected = host.main_process_expected;
    metrics_.emplace(host.metrics.registry());
    figures_.emplace(host.metrics.registry(), settings_.max_queued);
    host.metrics.before_each([this] { refresh_figures(); });
    if (auto ok = check_process_namespace(settings_.signal); !ok) return ok;
    return results::check(settings_.storage, pod_of(host));
  }

  Result<void> start(std::function<void(Result<void>)>) override {
    auto running = make_running({settings_, policy_, *host_, *metrics_});
    if (!running) return running.error();
    (*running)->start();
    {
      const std::lock_guard lock(mutex_);
      running_ = std::move(*running);
    }
    for (const auto& warning : warnings_about(settings_, find_game(settings_.signal)))
      log::warn("the game", {{"reason", warning.reason}, {"warning", warning.message}});
    return {};
  }

  void stop(std::chrono::milliseconds grace) override {
    std::shared_ptr<Running> running;
    {
      const std::lock_guard lock(mutex_);
      running.swap(running_);
    }
    if (!running) return;
    file_lister_.stop();
    running->stop(grace);
  }

  sidecar::PluginStatus status() const override {
    const auto running = current();
    if (!running) return {false, "not running", Reason::kNotRunning};
    const auto work = running->worker->status();
    if (running->orders)
      if (auto why = running->orders->not_ready(); !why.empty())
        return {false, why, Reason::kRestoring};
    if (work.restored) return {true, running->orders ? running->orders->problems() : ""};
    return work.knows_wanted ? status_of_missing(work)
                             : status_of_unknown(running->recorder->last_error());
  }

  sidecar::LiveReport check_live() const override {
    sidecar::LiveReport report;
    if (is_below(settings_.state_dir, settings_.file_dir))
      report.notes.push_back("stateDir " + settings_.state_dir.string() +
                             " is in fileDir, where a game that serves its files as this user can "
                             "show it: put fileDir and stateDir beside each other on the volume");
    const auto& signal = settings_.signal;
    if (signal.process_name.empty()) return report;
    const auto ranking = find_game(signal);
    const auto chosen = ranking.chosen();
    if (chosen.empty()) report.warnings.push_back(no_match(signal, ranking).message);
    if (chosen.empty()) return report;
    for (auto& each : warnings_about(settings_, ranking))
      report.warnings.push_back(std::move(each.message));
    for (const auto& each : chosen) {
      if (settings_.load_patch_type == LoadPatchType::kSignal)
        if (auto ok = check_handled(each, signal); !ok)
          report.warnings.push_back(ok.error().message);
      report.notes.push_back("the game is " + describe(each.process));
    }
    return report;
  }

  std::vector<http::Route> routes() override {
    using http::Access;
    return {{"POST", "/hot-update", Access::kUpdate,
             [this](const http::ServerRequest& request, const http::Respond& respond) {
               handle_update(request, respond, api::parse_update);
             }},
            {"POST", "/hot-update/rollback", Access::kUpdate,
             [this](const http::ServerRequest& request, const http::Respond& respond) {
               handle_update(request, respond, api::parse_rollback);
             }},
            {"POST", "/hot-update/forget", Access::kUpdate,
             [this](const http::ServerRequest& request, const http::Respond& respond) {
               handle_forget(request, respond);
             }},
            {"GET", "/hot-update", Access::kRead,
             [this](const http::ServerRequest& request, const http::Respond& respond) {
               if (api::asks_for_files(request.query)) return list_files_of(request, respond);
               respond(show_status(request));
             }},
            {"GET", "/hot-update/processes", Access::kRead,
             [this](const http::ServerRequest&, const http::Respond& respond) {
               lister_.list(respond);
             }},
            {"GET", "/hot-update/events", Access::kRead, follow_with(&Follow::stream)},
            {"GET", "/hot-update/updates/*", Access::kRead, follow_with(&Follow::show)},
            {"DELETE", "/hot-update/updates/*", Access::kUpdate, follow_with(&Follow::cancel)}};
  }

 private:
  using FollowCall = void (Follow::*)(const http::ServerRequest&, const http::Respond&);
  http::Handler follow_with(FollowCall call) {
    return [this, call](const http::ServerRequest& request, const http::Respond& respond) {
      const auto running = current();
      if (!running) return respond(refused(not_running()));
      ((*running->follow).*call)(request, respond);
    };
  }

  std::shared_ptr<Running> current() const {
    const std::lock_guard lock(mutex_);
    return running_;
  }

  void refresh_figures() {
    figures_->show(host_->api);
    const auto running = current();
    if (!running) return figures_->show_stopped();
    figures_->show(*running->ledger->state());
    figures_->show(running->worker->status(), running->follow->progress());
    figures_->show_streams(running->follow->streams());
  }

  static api::FieldSource source_of(const http::ServerRequest& request) {
    const auto* type = http::find_header(request.headers, "Content-Type");
    return {type == nullptr ? std::string_view() : *type, request.query, request.body};
  }

  using Parse = Result<api::UpdateRequest> (*)(const api::FieldSource& source);

  /// `running` outlives its worker.
  static Job::OnEnd answer_later(Running& running, const http::Respond& respond) {
    return [&running, respond](const Result<Outcome>& ended) {
      if (!ended) return respond(refused(ended.error()));
      if (ended->seq == 0)  // cancelled before it began
        return respond(
            answer(*ended, {false, fail(ErrorCode::kUnavailable, Reason::kCancelled,
                                        "it is recorded once the update in progress has ended")}));
      running.recorder->record(ended->seq, [outcome = *ended, respond](const auto& recorded) {
        respond(answer(outcome, recorded));
      });
    };
  }

  void handle_update(const http::ServerRequest& request, const http::Respond& respond,
                     Parse parse) {
    const auto source = source_of(request);
    if (auto ok = api::check_content_type(source); !ok)
      return respond(http::refusal(415, ok.error().message, Reason::kUnsupportedMediaType));
    auto update = parse(source);
    if (!update) return respond(refused(update.error().because(Reason::kInvalidField)));
    if (const auto* key = http::find_header(request.headers, api::kIdempotencyKeyHeader))
      if (auto ok = api::set_idempotency_key(*update, *key); !ok)
        return respond(refused(400, ok.error()));
    if (auto ok = check_source(policy_, *update); !ok) return respond(refused(ok.error()));
    const auto running = current();
    if (!running) return respond(refused(not_running()));

    update->caller = request.caller.name;
    const auto on_end = answer_later(*running, respond);
    if (answer_repetition(*running->ledger, *running->worker, *update, on_end, respond)) return;
    if (auto ok =
            check_paths(settings_, *update, *running->ledger->state(), running->worker->status());
        !ok)
      return respond(refused(ok.error()));

    const auto answer_now =
        update->wait ? std::optional<http::ServerResponse>() : accepted(*update);
    auto queued = running->worker->enqueue(
        std::move(*update), answer_now ? Job::OnEnd([](const Result<Outcome>&) {}) : on_end);
    if (!queued) return respond(refused(queued.error()));
    if (request.caller.name.empty()) metrics_->note_unauthenticated();
    if (answer_now) respond(*answer_now);
  }

  void handle_forget(const http::ServerRequest& request, const http::Respond& respond) {
    const auto source = source_of(request);
    if (auto ok = api::check_content_type(source); !ok)
      return respond(http::refusal(415, ok.error().message, Reason::kUnsupportedMediaType));
    auto forget = api::parse_forget(source);
    if (!forget) return respond(refused(forget.error().because(Reason::kInvalidField)));
    const auto running = current();
    if (!running) return respond(refused(not_running()));
    log::info("forget asked for",
              {{"path", forget->path.value_or("")}, {"caller", request.caller.name}});
    running->recorder->forget(std::move(forget->path), [respond](const auto& forgotten) {
      respond(answer_forget(forgotten));
    });
  }

  void list_files_of(const http::ServerRequest& request, const http::Respond& respond) {
    const auto path = api::path_of_files(request.query);
    if (!path) return respond(refused(path.error()));
    const auto running = current();
    if (!running) return respond(refused(not_running()));
    file_lister_.list(
        {*path, running->ledger->state(), running->state.root(), running->state.trees(),
         settings_.file_dir, settings_.archive.max_files.value},
        respond);
  }

  http::ServerResponse show_status(const http::ServerRequest& request) {
    const bool has_body = !request.body.empty();
    if (has_body || api::asks_for_update(request.query))
      return http::refusal(400,
                           std::string(has_body ? "GET with a body" : "this query") +
                               " asks for an update; send it with POST, like curl -X POST -d "
                               "version=v2 --data-urlencode 'url=https://…'",
                           Reason::kMethodNotAllowed);
    const auto running = current();
    if (!running) return refused(not_running());
    const auto work = running->worker->status();
    auto status = view_of(*running->ledger, work, running->recorder->last_error());
    if (work.in_progress)
      status.progress = shown_progress(*work.in_progress, work.stage.value_or(Stage::kRequest),
                                       running->follow->progress());
    status.warnings = host_->warnings();
    return status_page_.answer(std::move(status));
  }

  Settings settings_;
  source::Policy policy_;
  sidecar::Host* host_ = nullptr;
  StatusPage status_page_;  ///< of the server's one thread
  std::optional<EventMetrics> metrics_;
  std::optional<Gauges> figures_;  ///< of the server's one thread
  mutable std::mutex mutex_;
  std::shared_ptr<Running> running_;
  ProcessLister lister_{settings_.signal};
  FileLister file_lister_;
};

}  // namespace

sidecar::PluginKind plugin_kind() {
  return {"hot_update",
          [](const config::PluginEntry& entry,
             config::Mistakes& mistakes) -> std::unique_ptr<sidecar::Plugin> {
            return std::make_unique<HotUpdate>(read_settings(entry, mistakes));
          }};
}

}  // namespace okg::hot_update
