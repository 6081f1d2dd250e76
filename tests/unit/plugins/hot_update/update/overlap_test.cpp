// Updates of a folder and of a file in it: whatever a start is
// told to make live, what was asked for last counts.
#include "../../../content/archive/packed.hpp"
#include "pod.hpp"

namespace okg::hot_update {
namespace {

class OverlapTest : public PodTest {
 protected:
  void SetUp() override {
    PodTest::SetUp();
    settings_.download.min_free_percent.value = 0;
    start();
  }
  api::UpdateRequest folder(const std::string& path, const std::string& file) {
    auto asked = request("folder", content::tar_of({{file, "folder"}}), path);
    asked.tree.emplace();
    return asked;
  }
  api::UpdateRequest file(const std::string& path) { return request("file", "file", path); }
  results::Entry update_to(const api::UpdateRequest& asked) {
    EXPECT_EQ(update(asked).kind, OutcomeKind::kSucceeded);
    return state()->live_at(asked.path)->entry;
  }
  /// The pod is a new one.
  void lose_all() {
    stop();
    std::filesystem::remove_all(settings_.file_dir);
    std::filesystem::create_directory(settings_.file_dir);
    start();
  }
};

TEST_F(OverlapTest, a_store_that_is_behind_does_not_bring_a_file_back_into_a_later_folder) {
  const auto file_entry = update_to(file("t/a"));
  update_to(folder("t", "a"));
  EXPECT_TRUE(recovery().restore({{"t/a", file_entry}}, {}).missing.empty());
  EXPECT_EQ(live("t/a"), "folder");
}

TEST_F(OverlapTest, nor_into_the_folder_that_the_pod_came_with) {
  std::filesystem::create_directory(settings_.file_dir / "t");
  put_live("t/b", "image");
  update_to(folder("t", "a"));
  const auto file_entry = update_to(file("t/a"));
  auto back = request("", "", "t");
  back.rollback = true;
  update(back);
  EXPECT_EQ(live("t/a"), std::nullopt);
  recovery().restore({{"t/a", file_entry}}, {});
  EXPECT_EQ(live("t/a"), std::nullopt);
}

TEST_F(OverlapTest, an_added_pod_passes_over_a_file_that_a_later_folder_replaced) {
  const auto file_entry = update_to(file("t/a"));
  const auto folder_entry = update_to(folder("t", "a"));
  lose_all();
  recovery().restore({{"t", folder_entry}, {"t/a", file_entry}}, {});
  EXPECT_EQ(live("t/a"), "folder");
}

// '#' comes before '.' where paths are sorted.
TEST_F(OverlapTest, an_added_pod_gets_a_folder_before_the_file_that_was_updated_in_it) {
  const auto folder_entry = update_to(folder(".", "#a"));
  const auto file_entry = update_to(file("#a"));
  lose_all();
  recovery().restore({{".", folder_entry}, {"#a", file_entry}}, {});
  EXPECT_EQ(live("#a"), "file");
}

TEST_F(OverlapTest, a_folder_that_comes_back_does_not_take_away_what_was_updated_in_it) {
  const auto folder_entry = update_to(folder("t", "a"));
  update_to(file("t/b"));
  std::filesystem::remove(settings_.file_dir / "t/a");
  EXPECT_TRUE(recovery().restore({{"t", folder_entry}}, {}).missing.empty());
  EXPECT_EQ(live("t/a"), "folder");
  EXPECT_EQ(live("t/b"), "file");
}

TEST_F(OverlapTest, what_it_took_away_is_missing_until_it_is_back) {
  const auto folder_entry = update_to(folder("t", "a"));
  update_to(file("t/b"));
  std::filesystem::remove(settings_.file_dir / "t/a");
  source_.erase(url_of("file"));
  const auto missing = recovery().restore({{"t", folder_entry}}, {}).missing;
  EXPECT_TRUE(missing.contains("t/b"));
  source_[url_of("file")] = "file";
  EXPECT_TRUE(recovery().restore(missing, {}).missing.empty());
  EXPECT_EQ(live("t/b"), "file");
}

TEST_F(OverlapTest, the_later_request_counts_also_where_the_clock_was_set_back) {
  auto ahead = file("t/a");
  ahead.requested_at = now() + std::chrono::minutes(1);
  const auto file_entry = update_to(ahead);
  const auto folder_entry = update_to(folder("t", "a"));
  EXPECT_GT(folder_entry.requested_at, file_entry.requested_at);
  EXPECT_EQ(state()->live_at("t/a"), std::nullopt);
  EXPECT_GT(update_to(file("t/a")).requested_at, folder_entry.requested_at);
}

}  // namespace
}  // namespace okg::hot_update
