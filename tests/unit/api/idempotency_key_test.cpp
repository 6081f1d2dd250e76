#include "api/idempotency_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg::api {
namespace {

UpdateRequest request(const std::string& body) {
  return parse_update({"application/x-www-form-urlencoded", "", body}).value();
}

TEST(IdempotencyKey, stands_for_what_is_asked_for_and_not_for_who_waits) {
  const auto digest = digest_of(request("version=v2&url=http://h/a"));
  EXPECT_EQ(digest_of(request("url=http://h/a&version=v2&wait=false")), digest);
  EXPECT_NE(digest_of(request("version=v3&url=http://h/a")), digest);
  EXPECT_NE(digest_of(request("version=v2&url=http://h/a&force=true")), digest);
}

TEST(IdempotencyKey, is_short_printable_text) {
  UpdateRequest update;
  EXPECT_TRUE(set_idempotency_key(update, "8e03978e-40d5-43dd-bc93-6894a57f9324"));
  EXPECT_TRUE(set_idempotency_key(update, std::string(255, 'a')));
  EXPECT_EQ(set_idempotency_key(update, "").error().reason, Reason::kInvalidField);
  EXPECT_FALSE(set_idempotency_key(update, std::string(256, 'a')));
  EXPECT_FALSE(set_idempotency_key(update, "a\x01"));
  EXPECT_FALSE(set_idempotency_key(update, "\xe4\xbd\xa0"));
}

}  // namespace
}  // namespace okg::api
