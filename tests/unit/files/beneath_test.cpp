#include "files/beneath.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <utility>

#include "files/folder.hpp"
#include "temporary_folder.hpp"

namespace okg::files {
namespace {

namespace fs = std::filesystem;

using Open = decltype(&open_beneath);

/// Both ways to open: what one does, the other does where the kernel does not offer it.
class Beneath : public testing::TestWithParam<std::pair<const char*, Open>> {
 protected:
  Beneath() {
    folder_.write("secret", "");
    folder_.write("own/a/b/file", "deep");
  }
  [[nodiscard]] fs::path own() const { return folder_.path() / "own"; }
  [[nodiscard]] unique_fd open(const std::string& name, int flags = O_RDONLY) const {
    return GetParam().second(Folder::open(own()).value().fd(), name, flags, 0640);
  }
  /// 0: it was opened.
  [[nodiscard]] int errno_of(const std::string& name, int flags = O_RDONLY) const {
    errno = 0;
    return open(name, flags) ? 0 : errno;
  }

  tests::TemporaryFolder folder_;
};

TEST_P(Beneath, opens_a_file_some_folders_down) {
  const auto file = open("a/b/file");
  std::array<char, 8> text{};
  ASSERT_EQ(::read(file.get(), text.data(), text.size()), 4);
  EXPECT_STREQ(text.data(), "deep");
}

TEST_P(Beneath, follows_no_symlink_to_a_file) {
  fs::create_symlink(folder_.path() / "secret", own() / "a/link");
  EXPECT_EQ(errno_of("a/link"), ELOOP);
}

TEST_P(Beneath, follows_no_symlink_on_the_way_also_within) {
  fs::create_directory_symlink(folder_.path(), own() / "out");
  fs::create_directory_symlink("a", own() / "in");
  EXPECT_EQ(errno_of("out/secret"), ELOOP);
  EXPECT_EQ(errno_of("in/b/file"), ELOOP);
}

TEST_P(Beneath, does_not_lead_out) { EXPECT_EQ(errno_of("../secret"), EXDEV); }

TEST_P(Beneath, says_what_is_missing) {
  EXPECT_EQ(errno_of("a/missing"), ENOENT);
  EXPECT_EQ(errno_of("missing/file"), ENOENT);
}

TEST_P(Beneath, closes_what_it_opens_at_an_exec) {
  EXPECT_NE(::fcntl(open("a/b/file").get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_P(Beneath, makes_a_file_with_its_mode) {
  const auto before = ::umask(0);
  ASSERT_EQ(errno_of("a/new", O_WRONLY | O_CREAT | O_EXCL), 0);
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat((own() / "a/new").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

INSTANTIATE_TEST_SUITE_P(Both, Beneath,
                         testing::Values(std::pair("at_once", &open_beneath),
                                         std::pair("part_by_part", &open_part_by_part)),
                         [](const auto& one) { return one.param.first; });

}  // namespace
}  // namespace okg::files
