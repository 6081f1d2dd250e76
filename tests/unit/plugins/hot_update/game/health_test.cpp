#include "plugins/hot_update/game/health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "../../../kube/scripted_server.hpp"
#include "../../../process/child.hpp"

namespace okg::hot_update {
namespace {

using kube::ScriptedServer;
using process::Child;
using std::chrono::milliseconds;
using testing::HasSubstr;

ScriptedServer::Answer of(const std::string& status, const std::string& body = "") {
  return {status, "Content-Length: " + std::to_string(body.size()) + "\r\n", body};
}

class HealthTest : public testing::Test {
 protected:
  HealthTest() {
    settings_.confirm.interval = milliseconds(1);
    settings_.confirm.timeout = milliseconds(60'000);
  }
  void watch(const Child& child) {
    auto process = *process::read_process(child.pid());
    outcome_.processes.push_back({std::move(*process::Handle::open(process)), {}});
  }
  /// "" or the error's message.
  std::string sick() {
    const auto healthy = check_health(settings_, client_, outcome_, stop_.get_token());
    if (healthy) return "";
    error_ = healthy.error();
    return error_.message;
  }
  /// The same, with confirm.httpURL at a server that answers so.
  std::string sick_by(std::vector<ScriptedServer::Answer> answers) {
    const ScriptedServer server(std::move(answers));
    settings_.confirm.http_url = server.url() + "/health";
    auto words = sick();
    requests_ = server.requests().size();
    return words;
  }

  Settings settings_;
  http::Client client_;
  NotifyOutcome outcome_;
  std::stop_source stop_;
  Error error_;
  std::size_t requests_ = 0;
};

TEST_F(HealthTest, is_not_looked_at_where_nothing_says_how) {
  EXPECT_FALSE(is_checked(settings_, outcome_));
  EXPECT_EQ(sick(), "");
}

TEST_F(HealthTest, is_looked_at_with_each_check) {
  settings_.confirm.http_url = "http://h";
  EXPECT_TRUE(is_checked(settings_, outcome_));
  settings_.confirm = {};
  settings_.confirm.tcp_address = "h:1";
  EXPECT_TRUE(is_checked(settings_, outcome_));
  settings_.confirm = {};
  settings_.confirm.process_alive = milliseconds(1);
  EXPECT_TRUE(is_checked(settings_, outcome_));
}

TEST_F(HealthTest, is_looked_at_while_processes_settle) {
  outcome_.settle = milliseconds(1);
  EXPECT_FALSE(is_checked(settings_, outcome_));
  const Child child([] {});
  watch(child);
  EXPECT_TRUE(is_checked(settings_, outcome_));
}

TEST_F(HealthTest, is_good_when_a_check_has_held_twice_in_a_row) {
  EXPECT_EQ(sick_by({of("200 OK"), of("503 Busy"), of("200 OK"), of("200 OK")}), "");
  EXPECT_EQ(requests_, 4U);
}

TEST_F(HealthTest, is_of_the_status_that_is_expected) {
  settings_.confirm.expected_status_code = 204;
  EXPECT_EQ(sick_by({of("200 OK"), of("204 No Content"), of("204 No Content")}), "");
  EXPECT_EQ(requests_, 3U);
}

TEST_F(HealthTest, is_of_the_text_that_is_expected) {
  settings_.confirm.body_contains = "v2";
  EXPECT_EQ(sick_by({of("200 OK", "v1"), of("200 OK", "at v2."), of("200 OK", "at v2.")}), "");
  EXPECT_EQ(requests_, 3U);
}

TEST_F(HealthTest, says_which_check_did_not_hold_in_time) {
  settings_.confirm.timeout = milliseconds(0);
  settings_.confirm.http_url = "http://h /";  // it fails at once, and by no time-out of its own
  EXPECT_THAT(sick(), HasSubstr("not healthy within 0 ms (confirm.timeoutSeconds): "));
  EXPECT_THAT(error_.message, HasSubstr("http://h /"));
  EXPECT_EQ(error_.code, ErrorCode::kTimeout);
  EXPECT_EQ(error_.reason, Reason::kGameNotHealthy);
}

TEST_F(HealthTest, needs_its_port_to_take_connections) {
  {
    const ScriptedServer server({});
    settings_.confirm.tcp_address = server.url().substr(std::string("http://").size());
    EXPECT_EQ(sick(), "");
  }
  settings_.confirm.timeout = milliseconds(0);
  EXPECT_NE(sick(), "");
  EXPECT_EQ(error_.reason, Reason::kGameNotHealthy);
}

TEST_F(HealthTest, ends_with_a_process) {
  Child child([] {});
  watch(child);
  child.end_and_leave_as_zombie();
  outcome_.settle = milliseconds(60'000);
  outcome_.by = "SIGHUP";
  EXPECT_THAT(sick(), HasSubstr("ended after SIGHUP"));
  EXPECT_EQ(error_.code, ErrorCode::kUpstream);
  EXPECT_EQ(error_.reason, Reason::kGameEnded);
}

TEST_F(HealthTest, ends_with_a_process_also_between_checks) {
  Child child([] {});
  watch(child);
  settings_.confirm.process_alive = milliseconds(60'000);
  std::jthread end([&] { child.end_and_leave_as_zombie(); });
  EXPECT_THAT(sick(), HasSubstr("ended after the content changed"));
}

TEST_F(HealthTest, needs_a_process_that_can_live) {
  settings_.confirm.process_alive = milliseconds(1);
  EXPECT_THAT(sick(), HasSubstr("no process matches signal.processName any more"));
  EXPECT_EQ(error_.reason, Reason::kGameEnded);
}

TEST_F(HealthTest, is_good_when_its_process_has_lived_for_so_long) {
  const Child child([] {});
  watch(child);
  settings_.confirm.process_alive = milliseconds(20);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(sick(), "");
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(20));
}

TEST_F(HealthTest, is_not_waited_for_when_it_is_asked_to_stop) {
  stop_.request_stop();
  settings_.confirm.http_url = "http://127.0.0.1:9/";
  EXPECT_NE(sick(), "");
  EXPECT_EQ(error_.code, ErrorCode::kStopping);
}

}  // namespace
}  // namespace okg::hot_update
