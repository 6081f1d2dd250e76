#include "api/update_view.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "api/json_reader.hpp"
#include "base/text/words.hpp"

namespace okg::api {
namespace {

constexpr Word<UpdateState> kStates[]{{UpdateState::kQueued, "Queued"},
                                      {UpdateState::kInProgress, "InProgress"},
                                      {UpdateState::kEnded, "Ended"}};

Result<UpdateState> parse_state(std::string_view word) {
  if (const auto state = value_of(word, kStates)) return *state;
  return fail(ErrorCode::kInvalid, "'", word, "' is not the state of an update");
}

}  // namespace

std::string_view to_string(UpdateState state) { return word_of(state, kStates); }

Json to_json(const UpdateView& view) {
  Json json{{"id", view.id()}, {"state", to_string(view.state)}};
  if (view.state == UpdateState::kEnded) {
    json.update(to_json(view.ended));
  } else {
    json.update(to_json(view.open));
    json["stage"] = view.open.stage;
    json["message"] = view.message;
  }
  if (view.state == UpdateState::kQueued) json["position"] = view.position;
  add(view.progress, json);
  return json;
}

Result<UpdateView> view_from_json(const Json& json) {
  if (!json.is_object()) return fail(ErrorCode::kInvalid, "the update is not a JSON object");
  const auto state = parse_state(text_of(json, "state"));
  if (!state) return state.error();
  UpdateView view;
  view.state = *state;
  view.progress = progress_from(json);
  view.position = count_of(json, "position");
  if (*state == UpdateState::kEnded) {
    auto ended = ended_from_json(json);
    if (!ended) return ended.error();
    view.ended = std::move(*ended);
  } else {
    view.open = open_from_json(json);
    view.message = text_of(json, "message");
  }
  return view;
}

}  // namespace okg::api
