#include "client/calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "../kube/scripted_server.hpp"

namespace okg::client {
namespace {

using kube::ScriptedServer;
using testing::HasSubstr;
using testing::Not;

Answer answer(int status, const std::string& text) {
  return {status, text, Json::parse(text, nullptr, false)};
}

TEST(ClientAnswer, is_good_with_2xx_alone) {
  EXPECT_TRUE(answer(200, "").is_good());
  EXPECT_TRUE(answer(299, "").is_good());
  EXPECT_FALSE(answer(199, "").is_good());
  EXPECT_FALSE(answer(300, "").is_good());
}

TEST(ClientAnswer, is_from_a_proxy_where_a_sidecar_would_give_a_reason) {
  for (const int status : {502, 503, 504}) {
    EXPECT_TRUE(answer(status, "<html>").is_from_a_proxy()) << status;
    EXPECT_FALSE(answer(status, R"({"reason":"Stopping"})").is_from_a_proxy()) << status;
  }
  for (const int status : {200, 404, 500, 505})
    EXPECT_FALSE(answer(status, "<html>").is_from_a_proxy()) << status;
}

TEST(WordsOf, are_reason_and_message) {
  EXPECT_EQ(words_of(answer(429, R"({"reason":"QueueFull","message":"later"})")),
            "QueueFull: later");
  EXPECT_EQ(words_of(answer(404, R"({"message":"no such page"})")), "no such page");
}

TEST(WordsOf, are_the_first_line_of_what_is_no_json) {
  EXPECT_EQ(words_of(answer(502, "Bad Gateway\nnginx")), "HTTP status 502: Bad Gateway");
  EXPECT_EQ(words_of(answer(500, "")), "HTTP status 500: ");
}

TEST(WordsOf, move_no_cursor) {
  EXPECT_THAT(words_of(answer(500, "a\x1b[2J")), Not(HasSubstr("\x1b")));
  EXPECT_THAT(words_of(answer(500, R"({"message":"a\u001b[2J"})")), Not(HasSubstr("\x1b")));
}

class CallsTest : public testing::Test {
 protected:
  Result<Answer> send(std::vector<ScriptedServer::Answer> answers, const Call& call,
                      Result<Answer> (Calls::*how)(const Call&) = &Calls::send) {
    const ScriptedServer server(std::move(answers));
    Server at;
    at.url = server.url();
    at.request.use_proxy = false;
    at.request.headers.push_back({"Authorization", "Bearer t"});
    Calls calls(std::move(at), stop_.get_token(), std::chrono::milliseconds(1));
    auto answer = (calls.*how)(call);
    requests_ = server.requests();
    return answer;
  }

  std::stop_source stop_;
  std::vector<std::string> requests_;
};

TEST_F(CallsTest, sends_what_it_is_given) {
  ASSERT_TRUE(send({{"200 OK", "", "{}"}}, {"POST", "/a?b=c", "{\"d\":1}", "key-1"}));
  EXPECT_THAT(requests_.at(0), testing::StartsWith("POST /a?b=c HTTP/1.1\r\n"));
  for (const auto* part : {"Authorization: Bearer t\r\n", "Content-Type: application/json\r\n",
                           "Idempotency-Key: key-1\r\n", "\r\n\r\n{\"d\":1}"})
    EXPECT_THAT(requests_.at(0), HasSubstr(part));
}

TEST_F(CallsTest, says_nothing_of_a_body_and_a_key_that_there_are_not) {
  ASSERT_TRUE(send({{"200 OK", "", "{}"}}, {"GET", "/"}));
  EXPECT_THAT(requests_.at(0), Not(HasSubstr("Content-Type")));
  EXPECT_THAT(requests_.at(0), Not(HasSubstr("Idempotency-Key")));
}

TEST_F(CallsTest, takes_an_answer_apart_whatever_its_status) {
  const auto answer = send({{"404 Not Found", "", "{\"message\":\"no\"}"}}, {"GET", "/"}).value();
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.text, "{\"message\":\"no\"}");
  EXPECT_EQ(answer.json["message"], "no");
}

TEST_F(CallsTest, escapes_in_json_what_a_terminal_would_act_on) {
  const auto got = send({{"200 OK", "", "{\"id\":\"\u202e\u009b2J\"}"}}, {});
  EXPECT_EQ(got.value().text, R"({"id":"\u202e\u009b2J"})");
}

TEST_F(CallsTest, has_no_json_of_other_text) {
  EXPECT_TRUE(send({{"200 OK", "", "hello"}}, {"GET", "/"})->json.is_null());
}

TEST_F(CallsTest, repeats_once_lost_calls_alone_when_it_is_patient) {
  EXPECT_EQ(send({{}, {"200 OK", "", "{}"}}, {"GET", "/"}, &Calls::send_patiently)->status, 200);
  EXPECT_EQ(requests_.size(), 2U);
  EXPECT_EQ(send({{"404 Not Found", "", ""}}, {"GET", "/"}, &Calls::send_patiently)->status, 404);
  EXPECT_EQ(requests_.size(), 1U);
}

TEST_F(CallsTest, ends_when_the_user_wants_no_more) {
  stop_.request_stop();
  EXPECT_EQ(send({}, {"GET", "/"}).error().code, ErrorCode::kStopping);
  EXPECT_EQ(send({}, {"GET", "/"}, &Calls::send_patiently).error().code, ErrorCode::kStopping);
}

}  // namespace
}  // namespace okg::client
