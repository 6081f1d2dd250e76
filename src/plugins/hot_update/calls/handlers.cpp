#include "plugins/hot_update/calls/handlers.hpp"

#include <optional>

#include "api/file_list.hpp"
#include "api/idempotency_key.hpp"
#include "api/routes.hpp"
#include "base/log.hpp"
#include "plugins/hot_update/calls/idempotency.hpp"
#include "plugins/hot_update/calls/request_checks.hpp"
#include "plugins/hot_update/calls/status_view.hpp"

namespace okg::hot_update {
namespace {

Error not_running() {
  return fail(ErrorCode::kUnavailable, Reason::kNotRunning,
              "hot_update is not running; see /readyz");
}

api::FieldSource source_of(const http::ServerRequest& request) {
  const auto* type = http::find_header(request.headers, "Content-Type");
  return {type == nullptr ? std::string_view() : *type, request.query, request.body};
}

/// `running` outlives its worker.
Job::OnEnd answer_later(Running& running, const http::Respond& respond) {
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

/// A GET that asks for an update.
http::ServerResponse refused_get(const http::ServerRequest& request) {
  return http::refusal(400,
                       std::string(request.body.empty() ? "this query" : "GET with a body") +
                           " asks for an update; send it with POST, like curl -X POST -d "
                           "version=v2 --data-urlencode 'url=https://…'",
                       Reason::kMethodNotAllowed);
}

}  // namespace

http::Handler Handlers::handler(Call call) {
  return [this, call](const http::ServerRequest& request, const http::Respond& respond) {
    (this->*call)(request, respond);
  };
}

http::Handler Handlers::handler(Parse parse) {
  return [this, parse](const http::ServerRequest& request, const http::Respond& respond) {
    update(request, parse, respond);
  };
}

http::Handler Handlers::handler(FollowCall call) {
  return [this, call](const http::ServerRequest& request, const http::Respond& respond) {
    const auto running = current_();
    if (!running) return respond(refused(not_running()));
    ((*running->follow).*call)(request, respond);
  };
}

std::vector<http::Route> Handlers::routes() {
  using http::Access;
  return {{"POST", api::kUpdateRoute, Access::kUpdate, handler(api::parse_update)},
          {"POST", api::kRollbackRoute, Access::kUpdate, handler(api::parse_rollback)},
          {"POST", api::kForgetRoute, Access::kUpdate, handler(&Handlers::forget)},
          {"GET", api::kUpdateRoute, Access::kRead, handler(&Handlers::show)},
          {"GET", api::kProcessesRoute, Access::kRead, handler(&Handlers::list_processes)},
          {"GET", api::kEventsRoute, Access::kRead, handler(&Follow::stream)},
          {"GET", api::location_of("*"), Access::kRead, handler(&Follow::show)},
          {"DELETE", api::location_of("*"), Access::kUpdate, handler(&Follow::cancel)}};
}

Result<api::UpdateRequest> Handlers::read_update(const http::ServerRequest& request, Parse parse) {
  const auto source = source_of(request);
  if (auto ok = api::check_content_type(source); !ok) return ok.error();
  auto update = parse(source);
  if (!update) return update.error().because(Reason::kInvalidField);
  if (const auto* key = http::find_header(request.headers, api::kIdempotencyKeyHeader))
    if (auto ok = api::set_idempotency_key(*update, *key); !ok) return ok.error();
  if (auto ok = check_source(around_.policy, *update); !ok) return ok.error();
  update->caller = request.caller.name;
  return update;
}

void Handlers::update(const http::ServerRequest& request, Parse parse,
                      const http::Respond& respond) {
  auto update = read_update(request, parse);
  if (!update) return respond(refused(update.error()));
  const auto running = current_();
  if (!running) return respond(refused(not_running()));
  enqueue(*running, std::move(*update), respond);
}

void Handlers::enqueue(Running& running, api::UpdateRequest update, const http::Respond& respond) {
  const auto on_end = answer_later(running, respond);
  if (answer_repetition(*running.ledger, *running.worker, update, on_end, respond)) return;
  const auto is_taken =
      check_request(around_.settings, update, *running.ledger->state(), running.worker->status());
  if (!is_taken) return respond(refused(is_taken.error()));
  const bool is_anonymous = update.caller.empty();
  const auto answer_now = update.wait ? std::optional<http::ServerResponse>() : accepted(update);
  const auto queued = running.worker->enqueue(
      std::move(update), answer_now ? Job::OnEnd([](const Result<Outcome>&) {}) : on_end);
  if (!queued) return respond(refused(queued.error()));
  if (is_anonymous) around_.metrics.note_unauthenticated();
  if (answer_now) respond(*answer_now);
}

void Handlers::forget(const http::ServerRequest& request, const http::Respond& respond) {
  const auto source = source_of(request);
  if (auto ok = api::check_content_type(source); !ok) return respond(refused(ok.error()));
  auto forget = api::parse_forget(source);
  if (!forget) return respond(refused(forget.error().because(Reason::kInvalidField)));
  const auto running = current_();
  if (!running) return respond(refused(not_running()));
  log::info("forget asked for",
            {{"path", forget->path.value_or("")}, {"caller", request.caller.name}});
  running->recorder->forget(std::move(forget->path), [respond](const auto& forgotten) {
    respond(answer_forget(forgotten));
  });
}

void Handlers::show(const http::ServerRequest& request, const http::Respond& respond) {
  if (api::asks_for_files(request.query)) return list_files(request, respond);
  show_status(request, respond);
}

void Handlers::show_status(const http::ServerRequest& request, const http::Respond& respond) {
  if (!request.body.empty() || api::asks_for_update(request.query))
    return respond(refused_get(request));
  const auto running = current_();
  if (!running) return respond(refused(not_running()));
  auto status = view_of(*running->ledger, running->worker->status(), running->follow->progress(),
                        running->recorder->last_error());
  status.warnings = around_.host.warnings();
  respond(status_page_.answer(std::move(status)));
}

void Handlers::list_files(const http::ServerRequest& request, const http::Respond& respond) {
  const auto path = api::path_of_files(request.query);
  if (!path) return respond(refused(path.error()));
  const auto running = current_();
  if (!running) return respond(refused(not_running()));
  const auto& settings = around_.settings;
  file_lister_.list({*path, running->ledger->state(), running->state.root(), running->state.trees(),
                     settings.file_dir, settings.archive.max_files.value},
                    respond);
}

void Handlers::list_processes(const http::ServerRequest&, const http::Respond& respond) {
  process_lister_.list(respond);
}

}  // namespace okg::hot_update
