#include "auth/password_users.hpp"

#include <gtest/gtest.h>

#include <future>

#include "temporary_folder.hpp"

namespace okg::auth {
namespace {

using http::Access;

/// Of "hunter2" and "other", with the least work that bcrypt takes.
constexpr auto kHash = "$2b$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm";
constexpr auto kOther = "$2b$04$abcdefghijklmnopqrstuu0HtfOlPbTiymk5tcV.3TsFPDd3SYZqu";

class PasswordUsersTest : public testing::Test {
 protected:
  PasswordUsersTest() { write("ops: " + std::string(kHash)); }
  void write(const std::string& users) {
    folder_.write("new", "basic_auth_users: {" + users + "}");
    std::filesystem::rename(folder_.path() / "new", file());
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "web.yml"; }
  std::optional<Identity> identified(const Credential& credential,
                                     Access access = Access::kUpdate) {
    if (!users_) users_.emplace(file(), std::set<std::string>{"user:watch"});
    std::promise<Result<std::optional<Identity>>> promise;
    users_->identify(credential, {}, access,
                     [&](auto identity) { promise.set_value(std::move(identity)); });
    return promise.get_future().get().value();
  }
  std::optional<Identity> of(const std::string& user, const std::string& password,
                             Access access = Access::kUpdate) {
    return identified({Credential::Kind::kBasic, user, password}, access);
  }

  tests::TemporaryFolder folder_;
  std::optional<PasswordUsers> users_;
};

TEST_F(PasswordUsersTest, are_called_by_their_names) {
  EXPECT_EQ(of("ops", "hunter2")->name, "user:ops");
  EXPECT_TRUE(of("ops", "hunter2")->has_right);
}

TEST_F(PasswordUsersTest, have_one_password) {
  for (const auto* password : {"", "hunter", "hunter2 ", "Hunter2", kHash})
    EXPECT_FALSE(of("ops", password)) << password;
}

TEST_F(PasswordUsersTest, are_not_known_by_another_name) {
  EXPECT_FALSE(of("", "hunter2"));
  EXPECT_FALSE(of("watch", "hunter2"));
}

TEST_F(PasswordUsersTest, may_not_cut_a_password_with_a_nul) {
  EXPECT_FALSE(of("ops", std::string("hunter2\0x", 9)));
}

TEST_F(PasswordUsersTest, show_no_token) {
  EXPECT_FALSE(identified({Credential::Kind::kBearer, "ops", "hunter2"}));
}

TEST_F(PasswordUsersTest, may_only_read_when_they_are_readers) {
  write("watch: " + std::string(kHash));
  EXPECT_FALSE(of("watch", "hunter2")->has_right);
  EXPECT_TRUE(of("watch", "hunter2", Access::kRead)->has_right);
}

TEST_F(PasswordUsersTest, have_the_password_of_the_file_of_now) {
  EXPECT_TRUE(of("ops", "hunter2"));
  write("ops: " + std::string(kOther));
  EXPECT_FALSE(of("ops", "hunter2"));
  EXPECT_TRUE(of("ops", "other"));
}

TEST_F(PasswordUsersTest, are_nobody_by_a_file_that_is_wrong_or_gone) {
  write("ops: hunter2");
  EXPECT_FALSE(of("ops", "hunter2"));
  std::filesystem::remove(file());
  EXPECT_FALSE(of("ops", "hunter2"));
}

}  // namespace
}  // namespace okg::auth
