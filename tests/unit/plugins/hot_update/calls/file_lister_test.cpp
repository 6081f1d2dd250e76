#include "plugins/hot_update/calls/file_lister.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

namespace fs = std::filesystem;

/// A shared directory whose folder "game" an update has brought.
class ListFiles : public testing::Test {
 protected:
  ListFiles() {
    fs::create_directories(shared_.path() / "game");
    fs::create_directories(shared_.path() / "state");
    write("a.lua", "one");
    LiveContent live;
    live.entry.version = "v1";
    live.entry.tree.emplace();
    state_->live["game"] = live;
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(shared_.path() / "game" / name) << text;
  }
  [[nodiscard]] Result<api::FileList> listed(std::uint64_t max_files,
                                             const std::stop_token& stop = {},
                                             const std::string& path = "game") const {
    const auto state_dir = files::Folder::open(shared_.path() / "state");
    return list_files({path, state_, *state_dir, *state_dir, shared_.path(), max_files}, stop);
  }

  tests::TemporaryFolder shared_;
  std::shared_ptr<LedgerState> state_ = std::make_shared<LedgerState>();
};

TEST_F(ListFiles, has_what_is_there) {
  const auto list = listed(10);
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(*list, (api::FileList{"game", "v1", {{"a.lua", 3, {}, api::FileKind::kFile}}}));
}

TEST_F(ListFiles, is_in_the_order_of_paths_with_symlinks_and_without_fifos) {
  write("b", "");
  fs::create_directories(shared_.path() / "game" / "B");
  write("B/x", "");
  fs::create_symlink("a.lua", shared_.path() / "game" / "c");
  ASSERT_EQ(::mkfifo((shared_.path() / "game" / "d").c_str(), 0600), 0);
  const auto list = listed(10);
  ASSERT_TRUE(list) << list.error().message;
  std::vector<std::string> paths;
  for (const auto& each : list->files) paths.push_back(each.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"B/x", "a.lua", "b", "c"}));
  EXPECT_EQ(list->files.back().kind, api::FileKind::kSymlink);
}

TEST_F(ListFiles, is_of_a_single_file_what_the_ledger_says) {
  LiveContent live;
  live.entry.version = "v2";
  live.entry.sha256 = sha256_of("two");
  live.bytes = 3;
  state_->live["map.json"] = live;
  const auto list = listed(10, {}, "map.json");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(*list, (api::FileList{"map.json", "v2", {{"map.json", 3, sha256_of("two")}}}));
}

TEST_F(ListFiles, is_of_so_many_files_and_no_more) {
  write("b.lua", "two");
  EXPECT_TRUE(listed(2));
  const auto list = listed(1);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().reason, Reason::kTooLarge);
}

TEST_F(ListFiles, ends_when_it_is_asked_to_stop) {
  std::stop_source stop;
  stop.request_stop();
  const auto list = listed(10, stop.get_token());
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::kStopping);
}

}  // namespace
}  // namespace okg::hot_update
