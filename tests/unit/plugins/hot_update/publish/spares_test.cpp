// Links to live files that were made before an update, and the update that is built from them.
#include "plugins/hot_update/publish/spares.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "../update/pod.hpp"

namespace okg::hot_update {
namespace {

using Contents = std::map<std::string, std::string>;

class SparesTest : public PodTest {
 protected:
  void SetUp() override {
    PodTest::SetUp();
    settings_.download.min_free_percent.value = 0;
    start();
    game_can_write_ = false;
  }
  api::UpdateRequest order(const std::string& version, const Contents& files,
                           const std::string& path = "t") {
    auto list = nlohmann::json::array();
    for (const auto& [name, text] : files) {
      source_["http://source/" + version + "/" + name] = text;
      list.push_back({{"path", name}, {"sha256", sha256_of(text).hex()}});
    }
    auto asked = request(version, nlohmann::json{{"files", list}}.dump(), path);
    asked.url = "http://source/" + version + "/manifest.json";
    source_[asked.url] = nlohmann::json{{"files", list}}.dump();
    asked.tree.emplace().format = results::TreeFormat::kManifest;
    return asked;
  }
  void update_to(const std::string& version, const Contents& files, const std::string& path = "t") {
    fetched_.clear();
    const auto outcome = update(order(version, files, path));
    ASSERT_EQ(outcome.kind, OutcomeKind::kSucceeded) << outcome.message;
    EXPECT_EQ(tree(path), files) << version;
  }
  /// What is live there.
  [[nodiscard]] Contents tree(const std::string& path = "t") const {
    Contents found;
    const auto root = settings_.file_dir / path;
    for (const auto& each : std::filesystem::recursive_directory_iterator(root)) {
      const auto name = each.path().lexically_relative(root).string();
      if (each.is_regular_file() && !name.starts_with(".okg-sidecar"))
        found[name] = live((std::filesystem::path(path) / name).string()).value_or("");
    }
    return found;
  }
  [[nodiscard]] std::vector<std::filesystem::path> spares() const {
    std::vector<std::filesystem::path> found;
    for (const auto& each : std::filesystem::directory_iterator(settings_.state_dir / "spares"))
      found.push_back(each.path());
    return found;
  }
  void begin_again() {
    stop();
    std::filesystem::remove_all(settings_.file_dir);
    std::filesystem::create_directory(settings_.file_dir);
    start();
    update_to("v1", v1_);
  }
  void expect_settled(const std::string& after) {
    recovery().resolve_interrupted({});
    const auto last = state()->last();
    const bool is_new = last && last->version == "v2" && last->kind == OutcomeKind::kSucceeded;
    EXPECT_EQ(tree(), is_new ? v2_ : v1_) << after;
    EXPECT_EQ(staged(), 0U) << after;
    update_to("v3", is_new ? v1_ : v2_);
  }
  void try_deaths(ScriptedFiles::When when, const std::string& call) {
    for (int nth = 1;; ++nth) {
      begin_again();
      files_.die(when, call, nth);
      try {
        make_spares();
        update(order("v2", v2_));
        make_spares();
        return;
      } catch (const Died&) {
        start();
        expect_settled(call + " " + std::to_string(nth));
      }
    }
  }
  [[nodiscard]] ino_t inode(const std::string& name) const {
    struct stat status {};
    ::stat((settings_.file_dir / "t" / name).c_str(), &status);
    return status.st_ino;
  }

  const Contents v1_{{"a", "1"}, {"d/b", "1"}, {"d/e/c", "1"}, {"f/g", "1"}, {"same", "1"}};
  const Contents v2_{{"a", "2"}, {"d/b", "1"}, {"d/h/c", "2"}, {"f", "2"}, {"same", "1"}};
};

TEST_F(SparesTest, a_version_of_which_little_changed_is_built_from_links_that_are_there) {
  Contents files;
  for (int i = 0; i < 100; ++i) files["d" + std::to_string(i % 7) + "/" + std::to_string(i)] = "x";
  update_to("v1", files);
  make_spares();
  ASSERT_EQ(spares().size(), 1U);
  const auto inode_before = inode("d0/0");
  const auto links = files_.count("link");
  const auto folders = files_.count("mkdir");
  files["d3/3"] = "y";
  update_to("v2", files);
  EXPECT_EQ(files_.count("link"), links);
  EXPECT_EQ(files_.count("mkdir"), folders);
  EXPECT_EQ(fetched_, std::vector<std::string>{"d3/3"});
  EXPECT_EQ(inode("d0/0"), inode_before);
  EXPECT_TRUE(spares().empty());
}

TEST_F(SparesTest, what_a_version_lacks_is_not_in_it) {
  update_to("v1", v1_);
  make_spares();
  const auto before = inode("d/b");
  update_to("v2", v2_);
  EXPECT_FALSE(std::filesystem::exists(settings_.file_dir / "t/d/e"));
  EXPECT_EQ(inode("d/b"), before);
  make_spares();
  update_to("v3", v1_);
  EXPECT_EQ(roll_back().kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(tree(), v2_);
}

TEST_F(SparesTest, the_whole_shared_directory_is_built_from_them_as_well) {
  update_to("v1", v1_, ".");
  make_spares();
  update_to("v2", v2_, ".");
}

TEST_F(SparesTest, are_made_by_and_for_manifests_alone_and_where_the_game_cannot_write) {
  game_can_write_ = true;
  update_to("v1", v1_);
  make_spares();
  EXPECT_TRUE(spares().empty());
  game_can_write_ = false;
  make_spares();
  EXPECT_EQ(spares().size(), 1U);
  game_can_write_ = true;
  const auto before = inode("same");
  update_to("v2", v2_);
  EXPECT_NE(inode("same"), before) << "what the game may write to is copied";
}

TEST_F(SparesTest, are_for_what_is_live_now) {
  update_to("v1", v1_);
  make_spares();
  const auto first = spares();
  ASSERT_EQ(update(order("v2", v2_)).kind, OutcomeKind::kSucceeded);
  make_spares();
  EXPECT_NE(spares(), first);
  EXPECT_EQ(roll_back().kind, OutcomeKind::kSucceeded);
  make_spares();
  EXPECT_EQ(spares(), first) << "the old version is live again";
  EXPECT_EQ(update(request("v4", "text", "t2")).kind, OutcomeKind::kSucceeded);
  make_spares();
  EXPECT_EQ(spares(), first);
}

TEST_F(SparesTest, a_file_that_is_not_as_it_was_left_is_not_taken) {
  update_to("v1", v1_);
  make_spares();
  put_live("t/same", "written to");
  update_to("v2", v2_);
  make_spares();
  put_live("t/same", "written to");
  update_to("v3", v2_);
}

TEST_F(SparesTest, a_folder_in_which_something_else_is_found_is_not_used) {
  int number = 0;
  for (const std::string more : {"more", "d/more", "more/"}) {
    update_to("v" + std::to_string(++number), v1_);
    make_spares();
    const auto where = spares().at(0) / "t" / more;
    if (more.ends_with('/'))
      std::filesystem::create_directory(where);
    else
      std::ofstream(where) << "x";
    update_to("v" + std::to_string(++number), v2_);
  }
}

TEST_F(SparesTest, half_of_them_are_of_use_after_an_interruption) {
  update_to("v1", v1_);
  make_spares();
  std::filesystem::remove(spares().at(0) / "t/same");
  std::filesystem::remove_all(spares().at(0) / "t/d");
  std::filesystem::rename(spares().at(0), spares().at(0).string() + ".unfinished");
  update_to("v2", v2_);
  make_spares();
  std::filesystem::rename(spares().at(0), spares().at(0).string() + ".unfinished");
  make_spares();
  EXPECT_EQ(spares().at(0).extension(), "");
  update_to("v3", v1_);
}

TEST_F(SparesTest, a_stop_ends_their_making) {
  update_to("v1", v1_);
  std::stop_source stop;
  stop.request_stop();
  make_spares(stop.get_token());
  EXPECT_TRUE(spares().empty());
}

TEST_F(SparesTest, nothing_is_left_of_them_on_a_full_disk) {
  update_to("v1", v1_);
  files_.fail("link", ENOSPC, 3);
  make_spares();
  EXPECT_TRUE(spares().empty());
  files_.heal();
  files_.fail_all("link", EPERM);
  make_spares();
  update_to("v2", v2_);
}

TEST_F(SparesTest, a_death_before_any_call_leaves_one_version) {
  for (const std::string call : {"mkdir", "link", "rename", "exchange", "unlink", "rmdir"})
    try_deaths(ScriptedFiles::When::kBefore, call);
}

TEST_F(SparesTest, a_death_after_any_call_leaves_one_version) {
  for (const std::string call : {"mkdir", "link", "rename", "exchange", "unlink", "rmdir"})
    try_deaths(ScriptedFiles::When::kAfter, call);
}

}  // namespace
}  // namespace okg::hot_update
