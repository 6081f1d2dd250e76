#include "auth/certificate_users.hpp"

#include <gtest/gtest.h>

namespace okg::auth {
namespace {

using http::Access;

/// Whom a certificate with these names stands for.
std::optional<Identity> identified(CertificateUsers users, std::vector<std::string> names,
                                   Access access = Access::kUpdate) {
  std::optional<Identity> found;
  users.identify({}, {"10.0.0.1", 1, std::move(names)}, access,
                 [&](const auto& identity) { found = identity.value(); });
  return found;
}

TEST(CertificateUsers, are_called_after_the_first_of_their_names_that_is_allowed) {
  const auto found = identified({{"deploy", "ops"}, {}}, {"host-7", "ops", "deploy"});
  EXPECT_EQ(found->name, "certificate:ops");
  EXPECT_TRUE(found->has_right);
}

TEST(CertificateUsers, are_not_known_by_other_names) {
  EXPECT_FALSE(identified({{"deploy"}, {}}, {"Deploy", "deploy.example"}));
}

TEST(CertificateUsers, are_not_known_without_a_certificate) {
  EXPECT_FALSE(identified({{"*"}, {}}, {}));
}

TEST(CertificateUsers, may_have_any_name_where_all_are_allowed) {
  EXPECT_EQ(identified({{"*"}, {}}, {"host-7", "ops"})->name, "certificate:host-7");
}

TEST(CertificateUsers, may_only_read_when_they_are_readers) {
  const CertificateUsers users({"ops"}, {"certificate:ops"});
  EXPECT_FALSE(identified(users, {"ops"})->has_right);
  EXPECT_TRUE(identified(users, {"ops"}, Access::kRead)->has_right);
}

}  // namespace
}  // namespace okg::auth
