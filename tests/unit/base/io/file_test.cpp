#include "base/io/file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/text/bytes.hpp"
#include "temporary_folder.hpp"

namespace okg {
namespace {

using testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "a"; }
  tests::TemporaryFolder folder_;
};

TEST_F(FileTest, is_opened_or_named) {
  folder_.write("a", "text");
  EXPECT_TRUE(open_file(path(), O_RDONLY));
  const auto error = open_file(folder_.path() / "no", O_RDONLY).error();
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_THAT(error.message, HasSubstr((folder_.path() / "no").string()));
}

TEST_F(FileTest, is_closed_at_an_exec) {
  folder_.write("a", "");
  EXPECT_NE(::fcntl(open_file(path(), O_RDONLY)->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(FileTest, is_read_up_to_what_is_allowed) {
  folder_.write("a", "12345");
  EXPECT_EQ(read_file(path(), 5).value(), "12345");
  EXPECT_EQ(read_file(path(), 4).error().code, ErrorCode::kRefused);
}

TEST_F(FileTest, is_no_fifo_which_nobody_waits_for) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_EQ(read_file(path(), 5).error().code, ErrorCode::kInvalid);
}

TEST_F(FileTest, may_be_a_pipe_on_a_command_line) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const unique_fd reader(ends[0]);
  {
    const unique_fd writer(ends[1]);
    ASSERT_TRUE(write_all(writer.get(), "token", "the pipe"));
  }
  EXPECT_EQ(read_file_or_pipe("/dev/fd/" + std::to_string(reader.get()), 10).value(), "token");
}

TEST_F(FileTest, is_written_as_a_whole) {
  const std::string text(1 << 20, 'x');
  const auto file = open_file(path(), O_WRONLY | O_CREAT, 0600);
  ASSERT_TRUE(write_all(file->get(), text, "a"));
  EXPECT_EQ(folder_.read("a"), text);
}

TEST_F(FileTest, is_named_when_it_cannot_be_written) {
  const auto full = open_file("/dev/full", O_WRONLY);
  const auto error = write_all(full->get(), "x", "/x/a").error();
  EXPECT_EQ(error.code, ErrorCode::kNoSpace);
  EXPECT_THAT(error.message, testing::StartsWith("write /x/a: "));
}

TEST_F(FileTest, has_the_digest_of_all_of_it) {
  const std::string text(300'000, 'x');
  const auto file = open_file(folder_.write("a", text), O_RDONLY);
  const auto digest = digest_of(file->get(), "a").value();
  EXPECT_EQ(digest.sha256, sha256_of(text));
  EXPECT_EQ(digest.bytes, text.size());
}

TEST_F(FileTest, is_hashed_until_it_is_stopped) {
  const auto file = open_file(folder_.write("a", "text"), O_RDONLY);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(digest_of(file->get(), "a", stop.get_token()).error().code, ErrorCode::kStopping);
}

TEST(UnsyncedDirectory, is_an_error_but_where_the_file_system_offers_no_sync) {
  EXPECT_TRUE(unsynced_directory(EINVAL, "/x"));
  EXPECT_THAT(unsynced_directory(EIO, "/x").error().message, HasSubstr("/x"));
}

TEST(SyncDirectory, names_one_that_is_not_there) {
  EXPECT_THAT(sync_directory("/no/such/folder").error().message, HasSubstr("/no/such/folder"));
}

/// Ten bytes to read from.
class FileReadTest : public FileTest {
 protected:
  void SetUp() override {
    folder_.write("a", "0123456789");
    fd_ = open_file(path(), O_RDONLY).value();
  }
  unique_fd fd_;
  std::array<std::byte, 4> buffer_{};
};

TEST_F(FileReadTest, takes_what_fits_from_there_on) {
  EXPECT_EQ(read_at(fd_.get(), 3, buffer_, "it").value(), 4U);
  EXPECT_EQ(as_text(buffer_), "3456");
}

TEST_F(FileReadTest, takes_nothing_at_the_end) {
  EXPECT_EQ(read_at(fd_.get(), 10, buffer_, "it").value(), 0U);
}

TEST_F(FileReadTest, names_what_it_could_not_read) {
  EXPECT_EQ(read_at(-1, 0, buffer_, "the archive").error().message,
            "read the archive: Bad file descriptor");
}

TEST_F(FileReadTest, takes_a_range) {
  EXPECT_EQ(read_range(fd_.get(), 2, 5, "it").value(), "23456");
}

TEST_F(FileReadTest, takes_fewer_bytes_where_the_file_ends) {
  EXPECT_EQ(read_range(fd_.get(), 8, 5, "it").value(), "89");
}

TEST_F(FileReadTest, leaves_the_position_of_the_file) {
  EXPECT_EQ(read_range(fd_.get(), 2, 5, "it").value(), "23456");
  EXPECT_EQ(::lseek(fd_.get(), 0, SEEK_CUR), 0);
}

}  // namespace
}  // namespace okg
