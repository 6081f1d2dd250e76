#include "api/process_list.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json.hpp"

namespace okg::api {
namespace {

ListedProcess nginx() {
  return {7, "nginx", "nginx: master nginx", 101, "game", SignalHandling::kCaught, 2, true, "best"};
}

TEST(ProcessList, is_written_as_documented) {
  EXPECT_EQ(to_text(to_json(ProcessList{nginx()})),
            R"([{"pid":7,"name":"nginx","commandLine":"nginx: master nginx","user":101,)"
            R"("container":"game","handlesSignal":"caught","rank":2,"chosen":true,)"
            R"("reason":"best"}])");
}

TEST(ProcessList, says_null_where_there_is_nothing_to_say) {
  const auto json = to_json(ProcessList{{}}).at(0);
  for (const auto* key : {"user", "container", "handlesSignal", "rank"})
    EXPECT_TRUE(json.at(key).is_null()) << key;
}

TEST(ProcessList, is_the_same_when_it_is_written_and_read) {
  ProcessList list{nginx(), {}};
  list[1].user = 0;
  for (const auto handling : {SignalHandling::kIgnored, SignalHandling::kBlocked,
                              SignalHandling::kNo, SignalHandling::kNotSent}) {
    list[1].handling = handling;
    const auto again = processes_from_json(to_json(list));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, list);
  }
}

TEST(ProcessList, of_another_release_is_read_as_far_as_it_goes) {
  const auto json = parse_ordered_json(R"([{"pid":7,"handlesSignal":"later","user":"x"},1])");
  const auto list = processes_from_json(*json);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(list->at(0).pid, 7);
  EXPECT_EQ(list->at(0).handling, SignalHandling::kNotSent);
  EXPECT_EQ(list->at(0).user, std::nullopt);
  EXPECT_EQ(list->at(1), ListedProcess{});
}

TEST(ProcessList, is_an_array) {
  const auto list = processes_from_json(nlohmann::ordered_json::object());
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace okg::api
