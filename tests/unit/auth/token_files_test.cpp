#include "auth/token_files.hpp"

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::auth {
namespace {

using http::Access;

class TokenFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto& [name, token] : {std::pair("deploy", "one\n"), std::pair("watch", " two ")})
      files_.push_back(folder_.write(name, token));
    users_.emplace(files_, std::set<std::string>{"token:watch"});
  }
  std::optional<Identity> identified(const Credential& credential,
                                     Access access = Access::kUpdate) {
    std::optional<Identity> found;
    users_->identify(credential, {}, access,
                     [&](const auto& identity) { found = identity.value(); });
    return found;
  }
  std::optional<Identity> of_token(const std::string& token, Access access = Access::kUpdate) {
    return identified({Credential::Kind::kBearer, "", token}, access);
  }

  tests::TemporaryFolder folder_;
  std::vector<std::filesystem::path> files_;
  std::optional<TokenFiles> users_;
};

TEST_F(TokenFilesTest, name_the_caller_after_the_file) {
  EXPECT_EQ(of_token("one")->name, "token:deploy");
  EXPECT_TRUE(of_token("one")->has_right);
}

TEST_F(TokenFilesTest, know_no_other_token) {
  for (const auto* token : {"", "one\n", "One", "onetwo", "three"})
    EXPECT_FALSE(of_token(token)) << token;
}

TEST_F(TokenFilesTest, know_nobody_who_shows_none) {
  EXPECT_FALSE(identified({Credential::Kind::kBasic, "deploy", "one"}));
  EXPECT_FALSE(identified({Credential::Kind::kMalformed, "", "one"}));
  EXPECT_FALSE(identified({}));
}

TEST_F(TokenFilesTest, let_readers_only_read) {
  EXPECT_FALSE(of_token("two")->has_right);
  EXPECT_TRUE(of_token("two", Access::kRead)->has_right);
}

TEST_F(TokenFilesTest, are_read_again_when_they_have_changed) {
  folder_.write("new", "three");
  std::filesystem::rename(folder_.path() / "new", files_[0]);
  EXPECT_FALSE(of_token("one"));
  EXPECT_EQ(of_token("three")->name, "token:deploy");
}

TEST_F(TokenFilesTest, admit_nobody_once_they_are_gone) {
  std::filesystem::remove(files_[0]);
  EXPECT_FALSE(of_token("one"));
  EXPECT_TRUE(of_token("two"));
}

TEST_F(TokenFilesTest, admit_nobody_by_an_empty_file_or_two_tokens) {
  const auto empty = folder_.write("empty", " \n");
  const auto two = folder_.write("two", "a\nb\n");
  users_.emplace(std::vector{empty, two}, std::set<std::string>());
  for (const auto* token : {"", "a", "b", "a\nb"}) EXPECT_FALSE(of_token(token)) << token;
}

}  // namespace
}  // namespace okg::auth
