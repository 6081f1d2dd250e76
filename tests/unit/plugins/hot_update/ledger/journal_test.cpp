#include "plugins/hot_update/ledger/journal.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

/// Of a checksum, a space and a newline.
constexpr std::size_t kFrameBytes = 18;

class JournalTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path path() const { return folder_.path() / "journal"; }
  [[nodiscard]] Journal open() const {
    return std::move(
        Journal::open(files::Folder::open(folder_.path()).value(), "journal", kLimits)->journal);
  }
  [[nodiscard]] Lines lines() const {
    return Journal::open(files::Folder::open(folder_.path()).value(), "journal", kLimits)->lines;
  }
  static std::string text_of_line(std::size_t bytes) {
    return std::string(bytes - kFrameBytes, 'x');
  }

  static constexpr Journal::Limits kLimits{200, 100};
  tests::TemporaryFolder folder_;
};

TEST_F(JournalTest, holds_what_was_appended) {
  ASSERT_TRUE(open().append("one", Journal::Sync::kNo));
  ASSERT_TRUE(open().append("two", Journal::Sync::kYes));
  EXPECT_EQ(lines(), (Lines{"one", "two"}));
}

TEST_F(JournalTest, frames_a_line_as_the_documentation_says) {
  ASSERT_TRUE(open().append(R"({"format":"okg-sidecar journal","version":1})", Journal::Sync::kNo));
  std::ifstream file(path());
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, R"(6fe8d06c94adc90d {"format":"okg-sidecar journal","version":1})");
}

TEST_F(JournalTest, holds_nothing_but_the_lines_that_replaced_all) {
  auto journal = open();
  ASSERT_TRUE(journal.append("one", Journal::Sync::kNo));
  ASSERT_TRUE(journal.rewrite({"two"}));
  ASSERT_TRUE(journal.append("three", Journal::Sync::kNo));
  EXPECT_EQ(lines(), (Lines{"two", "three"}));
}

TEST_F(JournalTest, writes_and_reads_a_line_at_its_limit) {
  const auto text = text_of_line(kLimits.line_bytes);
  ASSERT_TRUE(open().append(text, Journal::Sync::kNo));
  EXPECT_EQ(lines(), Lines{text});
}

TEST_F(JournalTest, writes_no_line_that_it_would_not_read) {
  auto journal = open();
  const auto written = journal.append(text_of_line(kLimits.line_bytes + 1), Journal::Sync::kNo);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(written.error().reason, Reason::kJournalFull);
  ASSERT_TRUE(journal.append("next", Journal::Sync::kNo));
  EXPECT_EQ(lines(), Lines{"next"});
}

TEST_F(JournalTest, does_not_grow_beyond_what_it_would_read) {
  auto journal = open();
  const auto half = text_of_line(kLimits.file_bytes / 2);
  ASSERT_TRUE(journal.append(half, Journal::Sync::kNo));
  ASSERT_TRUE(journal.append(half, Journal::Sync::kNo));
  EXPECT_FALSE(journal.append("", Journal::Sync::kNo));
  EXPECT_EQ(lines(), (Lines{half, half}));
}

TEST_F(JournalTest, keeps_its_lines_when_those_that_replace_them_are_too_long) {
  auto journal = open();
  ASSERT_TRUE(journal.append("one", Journal::Sync::kNo));
  EXPECT_FALSE(journal.rewrite({text_of_line(kLimits.line_bytes + 1)}));
  const auto most = text_of_line(kLimits.line_bytes);
  EXPECT_FALSE(journal.rewrite({most, most, ""}));
  ASSERT_TRUE(journal.append("two", Journal::Sync::kNo));
  EXPECT_EQ(lines(), (Lines{"one", "two"}));
}

TEST_F(JournalTest, refuses_to_read_a_line_beyond_its_limit) {
  const auto longer = kLimits.line_bytes + 1;
  const Journal::Limits wider{2 * longer, longer};
  ASSERT_TRUE(Journal::open(files::Folder::open(folder_.path()).value(), "journal", wider)
                  ->journal.append(text_of_line(longer), Journal::Sync::kNo));
  const auto opened =
      Journal::open(files::Folder::open(folder_.path()).value(), "journal", kLimits);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kRefused);
  EXPECT_EQ(fs::file_size(path()), longer) << "what cannot be read is left as it is";
}

}  // namespace
}  // namespace okg::hot_update
