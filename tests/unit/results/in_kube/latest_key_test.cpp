#include "results/in_kube/latest_key.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "../../kube/scripted_server.hpp"
#include "../../kube/service_account_dir.hpp"

namespace okg::results {
namespace {

using namespace std::chrono_literals;
using kube::ScriptedServer;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// The ConfigMap with `data` as JSON members.
ScriptedServer::Answer map(const std::string& version, const std::string& data) {
  return {"200 OK", "",
          R"({"kind":"ConfigMap","metadata":{"resourceVersion":")" + version + R"("},"data":{)" +
              data + "}}"};
}
const ScriptedServer::Answer kLost{"422 Unprocessable Entity", "",
                                   R"({"kind":"Status","code":422})"};
const ScriptedServer::Answer kConflict{"409 Conflict", "", R"({"kind":"Status","code":409})"};

/// Appends "+"; keeps the values that it was asked about.
class LatestKeyTest : public ::testing::Test {
 protected:
  Result<void> change(ScriptedServer& server) {
    kube::ClientSettings settings;
    settings.first_delay = 60s;  // the client itself tries nothing again
    settings.max_delay = 60s;
    kube::Client client(*kube::Credentials::for_server(server.url(), dir_.path()), settings);
    LatestKey key(client, "games", "results");
    key.use_key("latest");
    if (noted_) key.note(*noted_);
    return key.change(
        [this](std::string_view current) -> std::optional<std::string> {
          asked_.emplace_back(current);
          if (is_content_) return std::nullopt;
          return std::string(current) + "+";
        },
        {});
  }

  kube::ServiceAccountDir dir_{"token"};
  std::optional<kube::ConfigMap> noted_;
  bool is_content_ = false;
  std::vector<std::string> asked_;
};

TEST_F(LatestKeyTest, is_swapped_by_value) {
  ScriptedServer server({map("1", R"("latest":"a")"), map("2", R"("latest":"a+")")});
  ASSERT_TRUE(change(server));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_THAT(requests[0], StartsWith("GET "));
  EXPECT_THAT(requests[1], AllOf(HasSubstr(R"("op":"test")"), HasSubstr(R"("value":"a")"),
                                 HasSubstr(R"("value":"a+")")));
}

TEST_F(LatestKeyTest, begins_with_the_map_that_was_noted) {
  ScriptedServer server({map("2", R"("latest":"b+")")});
  noted_ = kube::ConfigMap{"1", {{"latest", "b"}}};
  ASSERT_TRUE(change(server));
  EXPECT_THAT(asked_, ElementsAre("b"));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(LatestKeyTest, is_read_again_when_a_sibling_was_quicker) {
  ScriptedServer server(
      {map("1", R"("latest":"a")"), kLost, map("2", R"("latest":"b")"), map("3", "")});
  ASSERT_TRUE(change(server));
  EXPECT_THAT(asked_, ElementsAre("a", "b"));
  EXPECT_THAT(server.requests()[3], HasSubstr(R"("value":"b+")"));
}

TEST_F(LatestKeyTest, is_swapped_by_version_after_a_test_that_failed_without_a_change) {
  ScriptedServer server(
      {map("1", R"("latest":"a")"), kLost, map("2", R"("latest":"a")"), map("3", "")});
  ASSERT_TRUE(change(server));
  EXPECT_THAT(server.requests()[3], HasSubstr(R"("resourceVersion":"2")"));
}

TEST_F(LatestKeyTest, is_swapped_by_version_in_a_map_without_data) {
  ScriptedServer server({map("7", ""), map("8", "")});
  ASSERT_TRUE(change(server));
  EXPECT_THAT(asked_, ElementsAre(""));
  EXPECT_THAT(server.requests()[1], HasSubstr(R"("resourceVersion":"7")"));
}

TEST_F(LatestKeyTest, is_read_again_after_a_conflict_of_versions) {
  ScriptedServer server({map("7", ""), kConflict, map("8", R"("latest":"b")"), map("9", "")});
  ASSERT_TRUE(change(server));
  EXPECT_THAT(asked_, ElementsAre("", "b"));
}

TEST_F(LatestKeyTest, stays_where_nothing_has_to_change) {
  ScriptedServer server({map("1", R"("latest":"a")")});
  is_content_ = true;
  ASSERT_TRUE(change(server));
  EXPECT_EQ(server.requests().size(), 1U);
}

}  // namespace
}  // namespace okg::results
