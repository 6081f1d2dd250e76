#include "http/server/body_stream.hpp"

#include <gtest/gtest.h>

namespace okg::http {
namespace {

TEST(BodyStream, gives_what_was_written_since) {
  BodyStream stream;
  EXPECT_TRUE(stream.write("a"));
  EXPECT_TRUE(stream.write("b"));
  EXPECT_EQ(stream.take().bytes, "ab");
  EXPECT_EQ(stream.take().bytes, "");
}

TEST(BodyStream, goes_on_until_its_end) {
  BodyStream stream;
  (void)stream.write("a");
  EXPECT_FALSE(stream.take().is_last);
  stream.end();
  EXPECT_TRUE(stream.take().is_last);
}

TEST(BodyStream, still_sends_what_waits_at_its_end) {
  BodyStream stream;
  (void)stream.write("a");
  stream.end();
  EXPECT_EQ(stream.take().bytes, "a");
}

TEST(BodyStream, takes_nothing_behind_its_end) {
  BodyStream stream;
  stream.end();
  EXPECT_FALSE(stream.write("a"));
  EXPECT_EQ(stream.take().bytes, "");
}

TEST(BodyStream, keeps_as_much_for_a_slow_client_as_it_may) {
  BodyStream stream(3);
  EXPECT_TRUE(stream.write("abc"));
  EXPECT_FALSE(stream.is_closed());
}

TEST(BodyStream, is_closed_beyond_that) {
  BodyStream stream(3);
  (void)stream.write("abc");
  EXPECT_FALSE(stream.write("d"));
  EXPECT_TRUE(stream.is_closed());
  const auto taken = stream.take();
  EXPECT_EQ(taken.bytes, "");
  EXPECT_TRUE(taken.is_last);
}

TEST(BodyStream, counts_what_waits_and_not_what_was_taken) {
  BodyStream stream(3);
  (void)stream.write("abc");
  (void)stream.take();
  EXPECT_TRUE(stream.write("def"));
}

TEST(BodyStream, tells_its_producer_once_that_it_was_closed) {
  BodyStream stream;
  int told = 0;
  stream.on_close([&] { ++told; });
  (void)stream.write("a");
  stream.close();
  stream.close();
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(stream.write("b"));
  EXPECT_EQ(stream.take().bytes, "");
}

TEST(BodyStream, tells_the_server_of_each_change) {
  BodyStream stream;
  int told = 0;
  stream.attach([&] { ++told; });
  (void)stream.write("a");
  EXPECT_EQ(told, 1);
  stream.end();
  EXPECT_EQ(told, 2);
  stream.close();
  EXPECT_EQ(told, 3);
}

}  // namespace
}  // namespace okg::http
