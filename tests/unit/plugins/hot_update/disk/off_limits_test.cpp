#include "plugins/hot_update/disk/off_limits.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

namespace fs = std::filesystem;

/// A shared directory with a state directory "mine".
class OffLimits : public testing::Test {
 protected:
  OffLimits() {
    fs::create_directory(folder_.path() / "mine");
    state_dir_ = *files::Folder::open(folder_.path() / "mine");
  }

  [[nodiscard]] bool is_it(const std::string& name) const {
    const auto shared = files::Folder::open(folder_.path());
    return is_off_limits(shared->fd(), name, *state_dir_);
  }

  tests::TemporaryFolder folder_;
  std::optional<files::Folder> state_dir_;
};

TEST_F(OffLimits, the_state_directory_is_whatever_it_is_called) {
  EXPECT_TRUE(is_it("mine"));
  fs::rename(folder_.path() / "mine", folder_.path() / "renamed");
  EXPECT_TRUE(is_it("renamed"));
  EXPECT_FALSE(is_it("mine"));
}

TEST_F(OffLimits, what_file_systems_put_there_is_also_before_it_is_there) {
  EXPECT_TRUE(is_it("lost+found"));
  EXPECT_TRUE(is_it(".nfs0000000000000001"));
}

TEST_F(OffLimits, all_else_is_not) {
  fs::create_directory(folder_.path() / "game");
  fs::create_symlink("mine", folder_.path() / "link");
  for (const auto* name : {"game", "link", "missing", "lost+found2", "nfs", ".nf"})
    EXPECT_FALSE(is_it(name)) << name;
}

}  // namespace
}  // namespace okg::hot_update
