#include "source/aws_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::source {
namespace {

using testing::HasSubstr;
using testing::Not;

class ReadAwsKeys : public testing::Test {
 protected:
  Result<AwsKeys> read(const std::string& text, std::string_view profile = "default") {
    return read_aws_keys(folder_.write("credentials", text), profile);
  }
  std::string words_of(const std::string& text) {
    const auto keys = read(text);
    if (keys) return "";
    EXPECT_EQ(keys.error().reason, Reason::kSourceUnauthorized);
    return keys.error().message;
  }
  tests::TemporaryFolder folder_;
};

constexpr auto kKeys = "[default]\naws_access_key_id=ID\naws_secret_access_key=SECRET\n";

TEST_F(ReadAwsKeys, takes_those_of_the_profile) {
  const auto keys =
      read(std::string(kKeys) + "[ci]\naws_access_key_id=2\naws_secret_access_key=3\n", "ci")
          .value();
  EXPECT_EQ(keys.id, "2");
  EXPECT_EQ(keys.secret, "3");
  EXPECT_EQ(keys.session_token, "");
}

TEST_F(ReadAwsKeys, takes_a_session_token) {
  EXPECT_EQ(read(std::string(kKeys) + "aws_session_token = T==\n")->session_token, "T==");
}

TEST_F(ReadAwsKeys, takes_blanks_comments_and_names_in_any_case) {
  const auto keys = read(
      " [default] \r\n# aws_access_key_id=no\n;x\nregion = eu\n AWS_Access_Key_Id\t= ID \r\n"
      "aws_secret_access_key = SE=CRET\r\n");
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ(keys->id, "ID");
  EXPECT_EQ(keys->secret, "SE=CRET");
}

TEST_F(ReadAwsKeys, names_the_file_and_the_profile_that_has_none) {
  for (const auto* text : {"", "[other]\naws_access_key_id=ID\naws_secret_access_key=SECRET\n",
                           "[default]\naws_access_key_id=ID\n",
                           "aws_access_key_id=ID\naws_secret_access_key=SECRET\n"})
    EXPECT_THAT(words_of(text), HasSubstr("/credentials has no aws_access_key_id and "
                                          "aws_secret_access_key below [default]"));
}

TEST_F(ReadAwsKeys, takes_single_words_and_repeats_none) {
  for (const auto* secret : {"hunt er2", "hunter2,", "hunter2\x7f"}) {
    const auto words =
        words_of("[default]\naws_access_key_id=ID\naws_secret_access_key=" + std::string(secret));
    EXPECT_NE(words, "");
    EXPECT_THAT(words, Not(HasSubstr("hunt")));
  }
  EXPECT_THAT(words_of(std::string(kKeys) + "aws_session_token=a b"),
              HasSubstr("aws_session_token that is no single word"));
}

TEST_F(ReadAwsKeys, takes_no_id_with_a_slash_which_would_end_it_in_a_header) {
  EXPECT_NE(words_of("[default]\naws_access_key_id=I/D\naws_secret_access_key=S/E\n"), "");
}

}  // namespace
}  // namespace okg::source
