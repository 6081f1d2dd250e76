#include "auth/authenticator.hpp"

#include <gtest/gtest.h>

namespace okg::auth {
namespace {

using Kind = Credential::Kind;

Credential of(const std::string& value) { return credential_of({{"authorization", value}}); }

TEST(Credential, is_a_token_or_a_user_with_a_password) {
  EXPECT_EQ(of("Bearer a.b").kind, Kind::kBearer);
  EXPECT_EQ(of("bearer  a.b ").secret, "a.b");
  const auto basic = of("Basic dXNlcjpwYTpzcw==");
  EXPECT_EQ(basic.kind, Kind::kBasic);
  EXPECT_EQ(basic.user, "user");
  EXPECT_EQ(basic.secret, "pa:ss");
  EXPECT_EQ(of("Basic Og==").secret, "");
  EXPECT_EQ(credential_of({{"Host", "a"}}).kind, Kind::kNone);
}

TEST(Credential, is_nothing_else_and_not_two) {
  for (const auto* value : {"", "a", "Bearer", "Bearer a b", "Digest a", "Basic", "Basic !",
                            "Basic dXNlcg==", "Basic dXNlcjpwYTpzcw"})
    EXPECT_EQ(of(value).kind, Kind::kMalformed) << value;
  EXPECT_EQ(credential_of({{"Authorization", "Bearer a"}, {"authorization", "Bearer a"}}).kind,
            Kind::kMalformed);
}

}  // namespace
}  // namespace okg::auth
