#include "content/receiver.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "base/text/bytes.hpp"
#include "temporary_folder.hpp"

namespace okg::content {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

http::ResponseHead answer_head(int status, http::Headers headers) {
  return {status, std::move(headers), "http://h/file", http::BodyEnd::kLength};
}

class ReceiverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.min_free_percent.value = 0;
    file_.emplace(*StagedFile::create({*files::Folder::open(folder_.path()), "1"}));
    receiver_.emplace(source_, plan_, *file_, settings_, [this] { ++chunks_; });
    plan_.begin_attempt();
  }

  Result<void> write(std::string_view text) { return receiver_->write(as_bytes(text)); }
  std::string stored() { return *read_file(folder_.path() / "1", 1024); }

  tests::TemporaryFolder folder_;
  Source source_{"http://h/file"};
  DownloadSettings settings_;
  DownloadPlan plan_{source_.live, false};
  std::optional<StagedFile> file_;
  std::optional<Receiver> receiver_;
  int chunks_ = 0;
};

TEST_F(ReceiverTest, stores_and_hashes_a_whole_answer) {
  const auto whole = answer_head(200, {{"Content-Length", "10"}});
  ASSERT_TRUE(receiver_->begin(whole));
  ASSERT_TRUE(write("01234"));
  ASSERT_TRUE(write("56789"));
  ASSERT_TRUE(receiver_->outcome(whole));
  EXPECT_EQ(stored(), "0123456789");
  EXPECT_EQ(receiver_->digest().sha256, sha256_of("0123456789"));
  EXPECT_EQ(receiver_->digest().bytes, 10U);
  EXPECT_EQ(chunks_, 2);
}

TEST_F(ReceiverTest, goes_on_where_a_cut_answer_ended) {
  ASSERT_TRUE(receiver_->begin(answer_head(200, {{"Content-Length", "10"}, {"ETag", "\"a\""}})));
  ASSERT_TRUE(write("01234"));
  ASSERT_FALSE(receiver_->outcome(fail(ErrorCode::kUnavailable, "cut")));
  plan_.note_failure();
  receiver_->forget_attempt();
  plan_.begin_attempt();
  const auto rest = answer_head(
      206, {{"Content-Length", "5"}, {"Content-Range", "bytes 5-9/10"}, {"ETag", "\"a\""}});
  ASSERT_TRUE(receiver_->begin(rest));
  ASSERT_TRUE(write("56789"));
  ASSERT_TRUE(receiver_->outcome(rest));
  EXPECT_EQ(receiver_->digest().sha256, sha256_of("0123456789"));
}

TEST_F(ReceiverTest, begins_anew_with_another_whole_answer) {
  const auto whole = answer_head(200, {{"Content-Length", "4"}});
  ASSERT_TRUE(receiver_->begin(whole));
  ASSERT_TRUE(write("ab"));
  receiver_->forget_attempt();
  plan_.begin_attempt();
  ASSERT_TRUE(receiver_->begin(whole));
  ASSERT_TRUE(write("0123"));
  ASSERT_TRUE(receiver_->outcome(whole));
  EXPECT_EQ(stored(), "0123");
}

TEST_F(ReceiverTest, refuses_more_than_may_come_before_the_first_byte) {
  settings_.max_bytes = {9, "download.maxBytes"};
  const auto refused = receiver_->begin(answer_head(200, {{"Content-Length", "10"}}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kTooLarge);
}

TEST_F(ReceiverTest, refuses_more_than_may_come_of_an_answer_without_a_length) {
  settings_.max_bytes = {9, "download.maxBytes"};
  ASSERT_TRUE(receiver_->begin(answer_head(200, {})));
  ASSERT_TRUE(write("012345678"));
  EXPECT_EQ(write("9").error().reason, Reason::kTooLarge);
}

TEST_F(ReceiverTest, compares_the_checksum_of_the_source) {
  const auto whole =
      answer_head(200, {{"Content-Length", "3"}, {"Content-MD5", "kAFQmDzST7DWlj99KOF/cg=="}});
  ASSERT_TRUE(receiver_->begin(whole));
  ASSERT_TRUE(write("abd"));  // it is that of abc
  EXPECT_EQ(receiver_->outcome(whole).error().reason, Reason::kSourceChecksumMismatch);
}

TEST_F(ReceiverTest, stores_nothing_of_an_error_and_quotes_its_words) {
  const auto missing = answer_head(404, {{"Content-Type", "text/plain"}});
  ASSERT_TRUE(receiver_->begin(missing));
  ASSERT_TRUE(write("no such map"));
  const auto refused = receiver_->outcome(missing);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kSourceNotFound);
  EXPECT_THAT(refused.error().message, HasSubstr("no such map"));
  EXPECT_EQ(stored(), "");
}

}  // namespace
}  // namespace okg::content
