// Trees that fail, and are interrupted, at every call that changes the disk.
#include "../../../content/archive/packed.hpp"
#include "../update/pod.hpp"

namespace okg::hot_update {
namespace {

class TreeTest : public PodTest {
 protected:
  void SetUp() override {
    PodTest::SetUp();
    settings_.download.min_free_percent.value = 0;
    start();
    v1_ = content::tar_of({{"a", "one"}, {"sub/b", "one"}, {"only1", "x"}});
    v2_ = content::tar_of({{"a", "two"}, {"sub/b", "two"}, {"only2", "x"}});
  }
  api::UpdateRequest order(const std::string& version, const std::string& archive,
                           const std::string& path = "t") {
    auto asked = request(version, archive, path);
    asked.url = "http://source/" + version;
    source_[asked.url] = archive;
    asked.tree.emplace();
    return asked;
  }
  [[nodiscard]] std::string where(const std::string& name) const { return path_ + name; }
  /// "1", "2" or "mixed".
  [[nodiscard]] std::string version() const {
    const auto a = live(where("a"));
    const auto b = live(where("sub/b"));
    const bool has_1 = live(where("only1")).has_value();
    const bool has_2 = live(where("only2")).has_value();
    if (a == "one" && b == "one" && has_1 && !has_2) return "1";
    if (a == "two" && b == "two" && has_2 && !has_1) return "2";
    return "mixed";
  }
  void be_whole_directory() { path_ = ""; }
  [[nodiscard]] std::string path() const { return path_.empty() ? "." : "t"; }
  void expect_settled(const std::string& after) {
    recovery().resolve_interrupted({});
    EXPECT_NE(version(), "mixed") << after;
    EXPECT_EQ(staged(), 0U) << after;
    const auto last = state()->last();
    ASSERT_TRUE(last) << after;
    const bool succeeded = last->kind == OutcomeKind::kSucceeded;
    EXPECT_EQ(version(), succeeded && last->version == "v2" ? "2" : "1") << after;
    EXPECT_TRUE(state()->intents.empty()) << after;
    EXPECT_EQ(update(order("v3", v2_, path())).kind, OutcomeKind::kSucceeded) << after;
    EXPECT_EQ(version(), "2") << after;
  }
  void try_deaths(ScriptedFiles::When when) {
    for (const std::string call :
         {"mkdir", "link", "rename", "exchange", "unlink", "rmdir", "fchmod", "fsync"})
      for (int nth = 1;; ++nth) {
        begin_again();
        files_.die(when, call, nth);
        bool died = false;
        try {
          update(order("v2", v2_, path()));
        } catch (const Died&) {
          died = true;
        }
        if (!died) break;
        start();
        expect_settled(call + " " + std::to_string(nth));
      }
  }
  void begin_again() {
    stop();
    std::filesystem::remove_all(settings_.file_dir);
    std::filesystem::create_directory(settings_.file_dir);
    start();
    ASSERT_EQ(update(order("v1", v1_, path())).kind, OutcomeKind::kSucceeded);
  }

  std::string path_ = "t/";
  std::string v1_;
  std::string v2_;
};

TEST_F(TreeTest, a_death_before_any_call_leaves_one_version_and_says_which) {
  try_deaths(ScriptedFiles::When::kBefore);
}

TEST_F(TreeTest, a_death_after_any_call_leaves_one_version_and_says_which) {
  try_deaths(ScriptedFiles::When::kAfter);
}

TEST_F(TreeTest, so_does_a_death_where_the_whole_directory_is_exchanged) {
  be_whole_directory();
  try_deaths(ScriptedFiles::When::kBefore);
  try_deaths(ScriptedFiles::When::kAfter);
}

TEST_F(TreeTest, is_known_still_when_a_start_finds_it_under_a_newer_request) {
  begin_again();
  auto wanted = state()->live_at("t")->entry;
  wanted.requested_at += std::chrono::minutes(1);
  source_.clear();
  for (int starts = 0; starts < 2; ++starts) {
    start();
    EXPECT_TRUE(recovery().restore({{"t", wanted}}, {}).missing.empty());
    EXPECT_EQ(version(), "1");
  }
  EXPECT_EQ(state()->live_at("t")->entry.requested_at, wanted.requested_at);
}

TEST_F(TreeTest, goes_live_by_renames_where_there_is_no_exchange) {
  begin_again();
  files_.fail_all("exchange", EINVAL);
  const auto outcome = update(order("v2", v2_));
  EXPECT_EQ(outcome.kind, OutcomeKind::kSucceeded) << outcome.message;
  EXPECT_EQ(outcome.exchanged, "renames");
  EXPECT_EQ(version(), "2");
  EXPECT_EQ(roll_back().kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(version(), "1");
}

TEST_F(TreeTest, tells_of_immutable_folders_where_the_exchange_is_not_permitted) {
  begin_again();
  files_.fail("exchange", EPERM);
  EXPECT_NE(update(order("v2", v2_)).message.find("chattr -i -a"), std::string::npos);
  EXPECT_EQ(version(), "1");
}

TEST_F(TreeTest, a_death_between_those_renames_leaves_one_version) {
  for (int nth = 1;; ++nth) {
    begin_again();
    files_.fail_all("exchange", EINVAL);
    files_.die(ScriptedFiles::When::kAfter, "rename", nth);
    bool died = false;
    try {
      update(order("v2", v2_));
    } catch (const Died&) {
      died = true;
    }
    if (!died) break;
    start();
    expect_settled("rename " + std::to_string(nth));
  }
}

TEST_F(TreeTest, a_call_that_fails_leaves_one_version_and_says_which) {
  for (const std::string call : {"mkdir", "rename", "exchange", "fchmod", "fsync", "unlink"})
    for (int nth = 1; nth < 12; ++nth) {
      begin_again();
      files_.fail(call, EIO, nth);
      const auto outcome = update(order("v2", v2_));
      EXPECT_EQ(version(), outcome.kind == OutcomeKind::kSucceeded ? "2" : "1")
          << call << " " << nth << ": " << outcome.message;
    }
}

TEST_F(TreeTest, an_exchange_whose_answer_was_lost_counts_as_made) {
  begin_again();
  files_.lie("exchange", EIO);
  EXPECT_EQ(update(order("v2", v2_)).kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(version(), "2");
}

TEST_F(TreeTest, what_cannot_be_reverted_is_reverted_later) {
  begin_again();
  game_.notify_error = Error{ErrorCode::kInternal, "no game"};
  files_.fail("exchange", EIO, 2);
  EXPECT_EQ(update(order("v2", v2_)).kind, OutcomeKind::kFailed);
  EXPECT_EQ(version(), "2");
  EXPECT_TRUE(reverts().are_left());
  reverts().retry({});
  EXPECT_EQ(version(), "1");
  EXPECT_FALSE(reverts().are_left());
}

TEST_F(TreeTest, a_rollback_costs_no_more_calls_for_more_files) {
  const auto calls = [&](int files) {
    std::vector<content::TarEntry> entries;
    for (int i = 0; i < files; ++i) entries.push_back({"f" + std::to_string(i), "x"});
    begin_again();
    EXPECT_EQ(update(order("v2", content::tar_of(entries))).kind, OutcomeKind::kSucceeded);
    const auto before = files_.count("fsync") + files_.count("rename") + files_.count("unlink");
    EXPECT_EQ(roll_back().kind, OutcomeKind::kSucceeded);
    return files_.count("fsync") + files_.count("rename") + files_.count("unlink") - before;
  };
  EXPECT_EQ(calls(1), calls(60));
  EXPECT_EQ(version(), "1");
}

// What the game puts into a folder is seen only by walking through all of it.
TEST_F(TreeTest, a_rollback_does_not_count_the_bytes_of_what_it_keeps) {
  settings_.keep_bytes = 100;
  begin_again();
  update(order("v2", v2_));
  put_live("t/of_the_game", std::string(1000, 'x'));
  EXPECT_EQ(roll_back().kind, OutcomeKind::kSucceeded);
  ASSERT_EQ(state()->kept.size(), 1U);
  EXPECT_EQ(state()->kept.front().version(), "v2");
  update(order("v3", v1_));
  ASSERT_EQ(state()->kept.size(), 1U);
  EXPECT_EQ(state()->kept.front().version(), "v1") << "the next update counts all of it";
}

TEST_F(TreeTest, the_folder_of_the_pod_is_counted_once_when_it_is_kept) {
  settings_.keep_bytes = 2000;
  std::filesystem::create_directory(settings_.file_dir / "t");
  put_live("t/of_the_image", std::string(1500, 'x'));
  update(order("v1", v1_));
  ASSERT_EQ(state()->kept.size(), 1U);
  EXPECT_EQ(state()->kept.front().bytes, 1500U);
  start();
  EXPECT_EQ(state()->kept.front().bytes, 1500U) << "the journal has it";
  roll_back();
  put_live("t/of_the_game", std::string(1000, 'x'));
  settings_.keep_bytes = 1600;
  update(order("v2", v2_));
  EXPECT_TRUE(state()->kept.empty()) << "the folder of the pod is too much by now";
}

// Two sparse files and two bytes more are 2^64.
TEST_F(TreeTest, a_folder_beyond_counting_is_beyond_keep_bytes) {
  settings_.keep_bytes = 2000;
  begin_again();
  for (const char* name : {"t/1", "t/2"}) {
    put_live(name, "");
    std::filesystem::resize_file(settings_.file_dir / name, INT64_MAX);
  }
  put_live("t/3", "xx");
  update(order("v2", v2_));
  EXPECT_TRUE(state()->kept.empty());
}

TEST_F(TreeTest, many_files_cost_one_sync_of_the_file_system) {
  std::vector<content::TarEntry> entries;
  for (int i = 0; i < 200; ++i) entries.push_back({"f" + std::to_string(i), "x"});
  EXPECT_EQ(update(order("v1", content::tar_of(entries))).kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(files_.count("syncfs"), 1);
  EXPECT_LT(files_.count("fsync"), 20);
}

TEST_F(TreeTest, files_that_did_not_change_keep_their_inode_where_the_game_cannot_write) {
  const auto inode = [&](const std::string& name) {
    struct stat status {};
    ::stat((settings_.file_dir / "t" / name).c_str(), &status);
    return status.st_ino;
  };
  const auto v1 = content::tar_of({{"same", "x"}, {"other", "1"}});
  const auto v2 = content::tar_of({{"same", "x"}, {"other", "2"}});
  game_can_write_ = false;
  update(order("v1", v1));
  const auto before = inode("same");
  update(order("v2", v2));
  EXPECT_EQ(inode("same"), before);
  EXPECT_EQ(live("t/other"), "2");
  game_can_write_ = true;
  update(order("v3", v1));
  EXPECT_NE(inode("same"), before);
}

TEST_F(TreeTest, a_file_that_somebody_wrote_to_is_not_shared) {
  game_can_write_ = false;
  update(order("v1", content::tar_of({{"same", "x"}, {"other", "1"}})));
  put_live("t/same", "y");
  update(order("v2", content::tar_of({{"same", "x"}, {"other", "2"}})));
  EXPECT_EQ(live("t/same"), "x");
}

}  // namespace
}  // namespace okg::hot_update
