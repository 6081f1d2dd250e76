#include "api/update_view.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "api/update_request.hpp"

namespace okg::api {
namespace {

using Json = nlohmann::ordered_json;

using std::chrono::milliseconds;

UpdateView in_progress() {
  UpdateView view;
  view.state = UpdateState::kInProgress;
  view.open.id = "id-1";
  view.open.version = "v2";
  view.open.url = "https://h/a";
  view.open.path = "a";
  view.open.stage = "fetch";
  view.progress = {5, 10, 0, 1, 2, milliseconds(2500), 1};
  view.message = "in progress";
  return view;
}

TEST(UpdateView, is_read_back_as_it_was_written) {
  auto view = in_progress();
  EXPECT_EQ(view_from_json(to_json(view)).value(), view);
  view.state = UpdateState::kQueued;
  view.position = 3;
  view.progress = {};
  EXPECT_EQ(view_from_json(to_json(view)).value(), view);
  UpdateView ended;
  ended.state = UpdateState::kEnded;
  ended.ended.answer.id = "id-2";
  ended.ended.answer.result = UpdateResult::kCancelled;
  ended.ended.answer.recorded = true;
  EXPECT_EQ(view_from_json(to_json(ended)).value(), ended);
}

TEST(UpdateView, leaves_out_what_is_not_known) {
  auto view = in_progress();
  view.progress.bytes_total.reset();
  view.progress.eta.reset();
  const auto json = to_json(view);
  EXPECT_FALSE(json.contains("bytesTotal"));
  EXPECT_FALSE(json.contains("etaMs"));
  EXPECT_FALSE(json.contains("position"));
  EXPECT_FALSE(json.contains("result"));
}

TEST(UpdateView, masks_secrets) {
  auto view = in_progress();
  view.open.url = "https://u:hunter2@h/a?k=hunter2";
  EXPECT_EQ(to_json(view).dump().find("hunter2"), std::string::npos);
}

TEST(UpdateView, refuses_what_is_no_update) {
  for (const auto& json : {Json(), Json::object(), Json{{"state", "Fine"}}})
    EXPECT_FALSE(view_from_json(json)) << json;
}

}  // namespace
}  // namespace okg::api
