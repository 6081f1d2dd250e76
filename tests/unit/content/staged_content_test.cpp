#include "content/staged_content.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::content {
namespace {

class StagedContentTest : public testing::Test {
 protected:
  StagedFile file(const std::string& text) {
    folder_.write("1", text);
    return StagedFile::adopt({files::Folder::open(folder_.path()).value(), "1"}).value();
  }
  Result<StagedContent> verify(const std::string& text, const std::optional<Sha256>& expected = {},
                               bool allow_empty = false) {
    DownloadSettings settings;
    settings.allow_empty = allow_empty;
    return StagedContent::verify({file(text), {sha256_of(text), text.size()}, {"etag", "date"}, {}},
                                 "https://h/a?k=hunter2", expected, settings);
  }
  Result<StagedContent> accept(const std::string& text,
                               const std::optional<Sha256>& expected = {}) {
    return StagedContent::accept_kept(file(text), "a", expected, {});
  }

  tests::TemporaryFolder folder_;
};

TEST_F(StagedContentTest, is_what_was_downloaded) {
  const auto content = verify("text", sha256_of("text"));
  ASSERT_TRUE(content);
  EXPECT_EQ(content->sha256(), sha256_of("text"));
  EXPECT_EQ(content->bytes(), 4U);
  EXPECT_EQ(content->validators().etag, "etag");
}

TEST_F(StagedContentTest, may_be_anything_where_nothing_is_expected) {
  EXPECT_TRUE(verify("text"));
}

TEST_F(StagedContentTest, is_not_other_content_than_was_asked_for) {
  const auto error = verify("text", sha256_of("other")).error();
  EXPECT_EQ(error.code, ErrorCode::kRefused);
  EXPECT_EQ(error.reason, Reason::kChecksumMismatch);
  EXPECT_EQ(error.message, "https://h/a?k=*** has the SHA-256 " + sha256_of("text").hex() +
                               ", not " + sha256_of("other").hex() +
                               " as asked for; the content at the URL is another one");
}

TEST_F(StagedContentTest, is_empty_only_where_that_is_allowed) {
  EXPECT_EQ(verify("").error().reason, Reason::kEmptyContent);
  EXPECT_TRUE(verify("", {}, true));
}

TEST_F(StagedContentTest, is_what_was_kept) {
  const auto content = accept("kept", sha256_of("kept"));
  ASSERT_TRUE(content);
  EXPECT_EQ(content->sha256(), sha256_of("kept"));
  EXPECT_EQ(content->bytes(), 4U);
}

TEST_F(StagedContentTest, is_no_kept_content_that_somebody_wrote_to) {
  const auto error = accept("changed", sha256_of("kept")).error();
  EXPECT_EQ(error.reason, Reason::kKeptContentChanged);
  EXPECT_THAT(error.message, testing::StartsWith("the kept content of a is not what it was"));
}

TEST_F(StagedContentTest, is_read_for_what_a_signature_signs) {
  auto content = accept("abc").value();
  EXPECT_EQ(content.blake2b(), "");
  ASSERT_TRUE(content.find_blake2b());
  EXPECT_EQ(content.blake2b().substr(0, 16), "ba80a53f981c4d0d");
}

}  // namespace
}  // namespace okg::content
