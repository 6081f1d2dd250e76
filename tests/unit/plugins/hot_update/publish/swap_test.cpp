#include "plugins/hot_update/publish/swap.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>

#include "base/io/unique_fd.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

namespace fs = std::filesystem;

/// The disk, but for the calls that a test spoils.
class SpoiltFiles final : public FileSystem {
 public:
  int exchange(int from_folder, const char* from, int to_folder, const char* to) override {
    if (exchange_error == 0) return FileSystem::exchange(from_folder, from, to_folder, to);
    errno = exchange_error;
    return -1;
  }
  int rename(int from_folder, const char* from, int to_folder, const char* to) override {
    if (++renames != failing_rename) return FileSystem::rename(from_folder, from, to_folder, to);
    errno = EIO;
    return -1;
  }
  int exchange_error = 0;
  int failing_rename = 0;  ///< the first is 1; 0: none
  int renames = 0;
};

class SwapTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(root_.path() / "container");
    fs::create_directory(root_.path() / "shared");
    container_.reset(::open((root_.path() / "container").c_str(), O_DIRECTORY | O_CLOEXEC));
    folder_.reset(::open((root_.path() / "shared").c_str(), O_DIRECTORY | O_CLOEXEC));
    places_ = {container_.get(), folder_.get(), "/shared"};
  }

  void put(const std::string& folder, const std::string& content) const {
    root_.write(folder + "/maps/1", content);
  }
  /// The content of the name in a folder; empty: there is none.
  [[nodiscard]] std::string at(const std::string& folder) const {
    return root_.read(folder + "/maps/1");
  }
  Result<SwapKind> swap() { return swap_name(files_, places_, "maps"); }
  /// As a start does that finds what a crash has left.
  void settle() { EXPECT_TRUE(settle_swap(files_, places_, "maps")); }
  [[nodiscard]] std::ptrdiff_t count_in_container() const {
    return std::distance(fs::directory_iterator(root_.path() / "container"),
                         fs::directory_iterator());
  }

  tests::TemporaryFolder root_;
  unique_fd container_;
  unique_fd folder_;
  SpoiltFiles files_;
  SwapPlaces places_;
};

TEST_F(SwapTest, exchanges_both_names_at_once) {
  put("container", "new");
  put("shared", "old");
  EXPECT_EQ(swap().value(), SwapKind::kExchange);
  EXPECT_EQ(files_.renames, 0);
  EXPECT_EQ(at("shared"), "new");
  EXPECT_EQ(at("container"), "old");
}

TEST_F(SwapTest, moves_a_name_that_is_staged_alone) {
  put("container", "new");
  EXPECT_TRUE(swap());
  EXPECT_EQ(at("shared"), "new");
  EXPECT_EQ(count_in_container(), 0);
}

TEST_F(SwapTest, moves_a_name_away_that_is_live_alone) {
  put("shared", "old");
  EXPECT_TRUE(swap());
  EXPECT_EQ(at("shared"), "");
  EXPECT_EQ(at("container"), "old");
}

TEST_F(SwapTest, renames_where_the_file_system_cannot_exchange) {
  put("container", "new");
  put("shared", "old");
  for (const int cause : {EINVAL, ENOSYS, ENOTSUP, EXDEV}) {
    files_.exchange_error = cause;
    const auto before = at("container");
    EXPECT_EQ(swap().value(), SwapKind::kRenames) << cause;
    EXPECT_EQ(at("shared"), before) << cause;
    EXPECT_EQ(count_in_container(), 1) << cause;
  }
}

TEST_F(SwapTest, does_not_rename_where_the_exchange_failed) {
  put("container", "new");
  put("shared", "old");
  files_.exchange_error = EIO;
  EXPECT_FALSE(swap());
  EXPECT_EQ(files_.renames, 0);
}

TEST_F(SwapTest, says_what_to_do_about_a_mount_point) {
  put("container", "new");
  put("shared", "old");
  files_.exchange_error = EBUSY;
  const auto message = swap().error().message;
  EXPECT_NE(message.find("/shared/maps"), std::string::npos) << message;
  EXPECT_NE(message.find("mount a folder above it"), std::string::npos) << message;
}

TEST_F(SwapTest, puts_the_old_content_back_where_the_new_cannot_take_its_name) {
  put("container", "new");
  put("shared", "old");
  files_.exchange_error = EINVAL;
  files_.failing_rename = 2;
  EXPECT_FALSE(swap());
  EXPECT_EQ(at("shared"), "old");
  EXPECT_EQ(at("container"), "new");
}

TEST_F(SwapTest, a_start_gives_the_old_content_its_name_once_the_new_is_live) {
  put("container", "new");
  put("shared", "old");
  files_.exchange_error = EINVAL;
  files_.failing_rename = 3;
  EXPECT_FALSE(swap());
  settle();
  EXPECT_EQ(at("shared"), "new");
  EXPECT_EQ(at("container"), "old");
  EXPECT_EQ(count_in_container(), 1);
}

TEST_F(SwapTest, a_start_leaves_alone_what_was_not_interrupted) {
  put("container", "new");
  put("shared", "old");
  settle();
  EXPECT_EQ(at("shared"), "old");
  EXPECT_EQ(at("container"), "new");
}

}  // namespace
}  // namespace okg::hot_update
