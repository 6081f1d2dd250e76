#include "source/redirect_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text/bytes.hpp"

namespace okg::source {
namespace {

/// What whoever wants content gets to see.
class Noted final : public http::ResponseSink {
 public:
  Result<void> begin(const http::ResponseHead& head) override {
    status = head.status;
    return {};
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    body += as_text(bytes);
    return {};
  }
  int status = 0;
  std::string body;
};

class RedirectSinkTest : public testing::Test {
 protected:
  static http::ResponseHead head(int status, http::Headers headers = {}) {
    http::ResponseHead head;
    head.status = status;
    head.headers = std::move(headers);
    return head;
  }
  /// What is left of an error's body.
  std::string body_of_error(Secrecy secrecy) {
    RedirectSink sink(noted_, true, secrecy);
    EXPECT_TRUE(sink.begin(head(403)));
    EXPECT_TRUE(sink.write(as_bytes("<Code>AccessDenied</Code><Key>hunter2</Key>")));
    return noted_.body;
  }
  Noted noted_;
};

TEST_F(RedirectSinkTest, hands_on_what_is_no_redirect) {
  RedirectSink sink(noted_, true);
  ASSERT_TRUE(sink.begin(head(200, {{"Location", "/b"}})));
  ASSERT_TRUE(sink.write(as_bytes("text")));
  EXPECT_EQ(noted_.status, 200);
  EXPECT_EQ(noted_.body, "text");
  EXPECT_FALSE(sink.location());
}

TEST_F(RedirectSinkTest, keeps_a_redirect_for_itself) {
  for (const int status : {301, 302, 303, 307, 308}) {
    RedirectSink sink(noted_, true);
    ASSERT_TRUE(sink.begin(head(status, {{"location", "/b"}})));
    ASSERT_TRUE(sink.write(as_bytes("moved")));
    EXPECT_EQ(sink.location(), "/b");
  }
  EXPECT_EQ(noted_.status, 0);
  EXPECT_EQ(noted_.body, "");
}

TEST_F(RedirectSinkTest, takes_no_choice_and_no_proxy_for_a_redirect) {
  for (const int status : {300, 304, 305, 306}) {
    RedirectSink sink(noted_, true);
    ASSERT_TRUE(sink.begin(head(status, {{"Location", "/b"}})));
    EXPECT_FALSE(sink.location()) << status;
    EXPECT_EQ(noted_.status, status);
  }
}

TEST_F(RedirectSinkTest, hands_on_a_redirect_that_leads_nowhere_or_is_not_followed) {
  RedirectSink nowhere(noted_, true);
  ASSERT_TRUE(nowhere.begin(head(302, {{"Location", ""}})));
  EXPECT_EQ(noted_.status, 302);
  RedirectSink last(noted_, false);
  ASSERT_TRUE(last.begin(head(307, {{"Location", "/b"}})));
  EXPECT_EQ(noted_.status, 307);
}

TEST_F(RedirectSinkTest, refuses_two_places_and_takes_one_that_is_said_twice) {
  RedirectSink sink(noted_, true);
  const auto done = sink.begin(head(302, {{"Location", "/a"}, {"Location", "/b"}}));
  EXPECT_THAT(done.error().message, testing::HasSubstr("with two places to go to"));
  EXPECT_TRUE(sink.begin(head(302, {{"Location", "/a"}, {"Location", "/a"}})));
}

TEST_F(RedirectSinkTest, reads_no_more_of_a_redirect_than_keeps_the_connection) {
  RedirectSink sink(noted_, true);
  ASSERT_TRUE(sink.begin(head(302, {{"Location", "/b"}})));
  EXPECT_TRUE(sink.write(as_bytes(std::string(64 << 10, 'x'))));
  EXPECT_FALSE(sink.write(as_bytes("x")));
}

TEST_F(RedirectSinkTest, hands_on_an_error_that_can_repeat_no_secret) {
  EXPECT_EQ(body_of_error(Secrecy::kNone), "<Code>AccessDenied</Code><Key>hunter2</Key>");
}

TEST_F(RedirectSinkTest, hands_on_nothing_of_one_that_may) {
  EXPECT_EQ(body_of_error(Secrecy::kSecretHeaders), "");
  EXPECT_EQ(noted_.status, 403);
}

TEST_F(RedirectSinkTest, hands_on_the_code_of_an_object_store) {
  EXPECT_EQ(body_of_error(Secrecy::kSigned), "AccessDenied");
}

TEST_F(RedirectSinkTest, hands_on_content_whatever_was_secret) {
  RedirectSink sink(noted_, true, Secrecy::kSecretHeaders);
  ASSERT_TRUE(sink.begin(head(200)));
  ASSERT_TRUE(sink.write(as_bytes("text")));
  EXPECT_EQ(noted_.body, "text");
}

}  // namespace
}  // namespace okg::source
