#include "plugins/hot_update/calls/process_lister.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/process_list.hpp"
#include "base/json.hpp"

namespace okg::hot_update {
namespace {

class ProcessListerTest : public testing::Test {
 protected:
  std::future<http::ServerResponse> ask() {
    const auto answer = std::make_shared<std::promise<http::ServerResponse>>();
    lister_.list([answer](http::ServerResponse given) { answer->set_value(std::move(given)); });
    return answer->get_future();
  }

  SignalSettings settings_;
  ProcessLister lister_{settings_};
};

TEST_F(ProcessListerTest, answers_everybody_with_a_list) {
  std::vector<std::future<http::ServerResponse>> answers;
  for (int i = 0; i < 20; ++i) answers.push_back(ask());
  for (auto& each : answers) {
    const auto answer = each.get();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.view(), "[]\n") << "no name is configured";
  }
}

TEST_F(ProcessListerTest, lists_again_for_who_asks_later) {
  settings_.process_name = "no process has this name";
  for (int i = 0; i < 2; ++i) {
    const auto json = parse_ordered_json(ask().get().body.view());
    ASSERT_TRUE(json) << json.error().message;
    const auto list = api::processes_from_json(*json);
    ASSERT_TRUE(list) << list.error().message;
    for (const auto& each : *list) EXPECT_FALSE(each.chosen) << each.command_line;
  }
}

}  // namespace
}  // namespace okg::hot_update
