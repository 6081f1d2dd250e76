#include "plugins/hot_update/file_lister.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>

namespace okg::hot_update {
namespace {

namespace fs = std::filesystem;

/// A shared directory whose folder "game" an update has brought.
class ListFiles : public testing::Test {
 protected:
  ListFiles() {
    std::string name = (fs::temp_directory_path() / "okg-lister-XXXXXX").string();
    shared_ = ::mkdtemp(name.data());
    fs::create_directories(shared_ / "game");
    fs::create_directories(shared_ / "state");
    write("a.lua", "one");
    LiveFile live;
    live.entry.version = "v1";
    live.entry.tree.emplace();
    state_->live["game"] = live;
  }
  ~ListFiles() override { fs::remove_all(shared_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(shared_ / "game" / name) << text;
  }
  [[nodiscard]] Result<std::string> list(std::uint64_t max_files,
                                         const std::stop_token& stop = {}) const {
    const auto state_dir = files::Folder::open(shared_ / "state");
    return list_files({"game", state_, *state_dir, *state_dir, shared_, max_files}, stop);
  }

  fs::path shared_;
  std::shared_ptr<LedgerState> state_ = std::make_shared<LedgerState>();
};

TEST_F(ListFiles, has_what_is_there) {
  const auto text = list(10);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_NE(text->find(R"("path":"a.lua","bytes":3)"), std::string::npos) << *text;
}

TEST_F(ListFiles, is_of_so_many_files_and_no_more) {
  write("b.lua", "two");
  EXPECT_TRUE(list(2));
  const auto text = list(1);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().reason, Reason::kTooLarge);
}

TEST_F(ListFiles, ends_when_it_is_asked_to_stop) {
  std::stop_source stop;
  stop.request_stop();
  const auto text = list(10, stop.get_token());
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::kStopping);
}

}  // namespace
}  // namespace okg::hot_update
