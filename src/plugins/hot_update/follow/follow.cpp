#include "plugins/hot_update/follow/follow.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/fields/fields.hpp"
#include "api/routes.hpp"
#include "base/text.hpp"
#include "base/text/in_quotes.hpp"
#include "base/text/visible.hpp"
#include "plugins/hot_update/calls/answer.hpp"
#include "plugins/hot_update/follow/find_update.hpp"

namespace okg::hot_update {
namespace {

constexpr std::array<std::string_view, 1> kWaitFields{api::kWaitSecondsField};

std::string id_of(const http::ServerRequest& request) {
  return request.path.substr(api::location_of("").size());
}

Result<std::chrono::seconds> read_wait(const http::ServerRequest& request) {
  const auto fields = api::read_fields({{}, request.query, {}}, kWaitFields);
  if (!fields) return fields.error().because(Reason::kInvalidField);
  const auto given = fields->find(api::kWaitSecondsField);
  if (given == fields->end()) return std::chrono::seconds(0);
  const auto seconds = parse_whole<unsigned>(given->second);
  if (!seconds || *seconds > Follow::kMaxWait.count())
    return fail(ErrorCode::kInvalid, Reason::kInvalidField, "waitSeconds is ",
                in_quotes(given->second), "; it can be 0 to ", Follow::kMaxWait.count());
  return std::chrono::seconds(*seconds);
}

http::ServerResponse answer_with(const api::UpdateView& view) {
  http::ServerResponse response;
  response.body = visible_json(to_json(view)) + "\n";
  return response;
}

http::ServerResponse unknown(const std::string& id) {
  return refused(404, fail(ErrorCode::kNotFound, Reason::kUnknownUpdate, "no update has the id ",
                           in_quotes(id),
                           "; known are those of GET /hot-update: what is queued or in "
                           "progress, and the last ",
                           LedgerState::kMaxHistory, " results"));
}

}  // namespace

Follow::Follow(const Ledger& ledger, Worker& worker)
    : ledger_(ledger), worker_(worker), streams_(std::make_shared<EventStreams>([this] {
        return find_updates(ledger_, worker_, progress());
      })) {}

void Follow::stop() {
  streams_->stop();
  waiters_.stop();
}

void Follow::stream(const http::ServerRequest& request, const http::Respond& respond) {
  const auto* last_id = http::find_header(request.headers, "Last-Event-ID");
  auto stream = streams_->open(last_id == nullptr ? "" : *last_id);
  if (!stream) {
    auto response = refused(stream.error());
    response.headers.push_back({"Retry-After", "5"});
    return respond(response);
  }
  http::ServerResponse response;
  response.content_type = "text/event-stream";
  response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  response.stream = *std::move(stream);
  respond(std::move(response));
}

std::optional<api::UpdateView> Follow::find(const std::string& id) const {
  return find_update(id, ledger_, worker_, progress());
}

api::Progress Follow::progress() const { return meter_.at(std::chrono::steady_clock::now()); }

http::ServerResponse Follow::show(const std::string& id) const {
  const auto view = find(id);
  return view ? answer_with(*view) : unknown(id);
}

void Follow::show(const http::ServerRequest& request, const http::Respond& respond) {
  const auto wait = read_wait(request);
  if (!wait) return respond(refused(wait.error()));
  const auto id = id_of(request);
  const auto has_ended = [&] {
    const auto view = find(id);
    return !view || view->state == api::UpdateState::kEnded;
  };
  if (wait->count() == 0 || has_ended()) return respond(show(id));
  auto added = waiters_.add(id, *wait, [this, id, respond] { respond(show(id)); });
  if (!added) return respond(refused(added.error()));
  if (has_ended()) waiters_.end(id);  // before it was waited for
}

http::ServerResponse Follow::too_late(const std::string& id, const Error& error) const {
  if (error.code != ErrorCode::kNotFound) return refused(409, error);
  const auto view = find(id);
  if (!view) return unknown(id);
  const std::string state =
      view->state == api::UpdateState::kEnded
          ? "it has ended as " + std::string(to_string(view->ended.answer.result))
          : "a start finishes it";
  return refused(409, fail(ErrorCode::kRefused, Reason::kTooLate, state,
                           "; nothing is left that could be cancelled"));
}

void Follow::cancel(const http::ServerRequest& request, const http::Respond& respond) {
  const auto id = id_of(request);
  const auto asked = worker_.cancel(id, [this, id, respond](const Result<Outcome>& ended) {
    if (!ended && ended.error().code == ErrorCode::kRefused)
      return respond(refused(409, ended.error()));
    if (!ended) return respond(refused(ended.error()));
    waiters_.end(id);
    if (ended->kind == OutcomeKind::kCancelled) return respond(show(id));
    respond(too_late(id, fail(ErrorCode::kNotFound, "it ended by itself")));
  });
  if (!asked) respond(too_late(id, asked.error()));
}

void Follow::hear(const Event& event) {
  const auto* entered = std::get_if<StageEntered>(&event);
  if (entered != nullptr && entered->stage == Stage::kFetch) meter_.begin();
  if (const auto* ended = std::get_if<UpdateEnded>(&event)) waiters_.end(ended->outcome.id);
  // The end of the last stage is not yet that of the update.
  if (entered == nullptr || entered->stage) streams_->note_change();
}

void Follow::note(const content::DownloadProgress& progress) {
  meter_.note(progress, std::chrono::steady_clock::now());
  streams_->note_progress();
}

void Follow::note(const content::UnpackProgress& progress) {
  meter_.note(progress, std::chrono::steady_clock::now());
  streams_->note_progress();
}

}  // namespace okg::hot_update
