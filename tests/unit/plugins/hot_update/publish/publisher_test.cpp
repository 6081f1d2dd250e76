#include "plugins/hot_update/publish/publisher.hpp"

#include <sys/stat.h>

#include "../update/pod.hpp"

namespace okg::hot_update {
namespace {

class PublisherTest : public PodTest {
 protected:
  Result<Prepared> prepare(const std::string& text, const std::string& path = "a") {
    auto file = content::StagedFile::create(
                    {files::Folder::open(settings_.state_dir / "staging").value(), "1"})
                    .value();
    EXPECT_TRUE(file.write(std::as_bytes(std::span(text))));
    auto content = content::StagedContent::verify(
        {std::move(file), {sha256_of(text), text.size()}, {}, {}}, "http://source", {}, {});
    return publisher().prepare(std::move(*content), {path, {"v1", "http://source", {}}, "1"});
  }
  Target publish(const std::string& text, const std::string& path = "a") {
    auto prepared = prepare(text, path);
    EXPECT_TRUE(publisher().commit(*prepared));
    return prepared->target();
  }
  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    ::stat(path.c_str(), &status);
    return status.st_mode & 07777U;
  }
};

TEST_F(PublisherTest, changes_nothing_that_is_live_while_it_prepares) {
  put_live("a", "old");
  const auto prepared = prepare("new");
  EXPECT_EQ(live(), "old");
}

TEST_F(PublisherTest, leaves_nothing_in_staging_of_what_was_only_prepared) {
  { const auto prepared = prepare("new"); }
  EXPECT_EQ(staged(), 0U);
}

TEST_F(PublisherTest, makes_content_live) {
  publish("new");
  EXPECT_EQ(live(), "new");
}

TEST_F(PublisherTest, makes_folders_and_syncs_each_in_its_parent) {
  publish("new", "maps/desert/1");
  EXPECT_EQ(live("maps/desert/1"), "new");
  // The file, two folders' names, and the file's own name.
  EXPECT_EQ(files_.count("fsync"), 4);
}

TEST_F(PublisherTest, gives_files_the_mode_that_is_configured) {
  settings_.file_mode = 0640;
  start();
  publish("new");
  EXPECT_EQ(mode_of(settings_.file_dir / "a"), 0640U);
}

TEST_F(PublisherTest, does_not_mind_a_mode_that_cannot_be_set_when_it_is_right) {
  settings_.file_mode = 0600;
  start();
  files_.fail("fchmod", EPERM);
  EXPECT_TRUE(prepare("new"));
}

TEST_F(PublisherTest, minds_a_mode_that_is_wrong_and_cannot_be_set) {
  settings_.file_mode = 0640;
  start();
  files_.fail("fchmod", EPERM);
  EXPECT_FALSE(prepare("new"));
}

TEST_F(PublisherTest, goes_on_where_folders_cannot_be_synced_at_all) {
  files_.fail("fsync", EINVAL, 2);
  auto prepared = prepare("new");
  EXPECT_FALSE(publisher().commit(*prepared)->unsynced);
}

TEST_F(PublisherTest, says_what_a_power_cut_may_undo) {
  files_.fail("fsync", EIO, 2);
  auto prepared = prepare("new");
  EXPECT_TRUE(publisher().commit(*prepared)->unsynced);
}

TEST_F(PublisherTest, says_that_the_target_is_a_mount_point) {
  auto prepared = prepare("new");
  files_.fail("rename", EBUSY);
  EXPECT_NE(publisher().commit(*prepared).error().message.find("is a mount point"),
            std::string::npos);
}

TEST_F(PublisherTest, sees_a_rename_that_was_made_though_its_answer_was_lost) {
  auto prepared = prepare("new");
  files_.lie("rename", EIO);
  EXPECT_TRUE(publisher().commit(*prepared));
}

TEST_F(PublisherTest, reverts_to_the_old_file) {
  put_live("a", "old");
  const auto target = publish("new");
  EXPECT_TRUE(publisher().revert(target, "1"));
  EXPECT_EQ(live(), "old");
}

TEST_F(PublisherTest, reverts_twice_as_once) {
  put_live("a", "old");
  const auto target = publish("new");
  EXPECT_TRUE(publisher().revert(target, "1"));
  EXPECT_TRUE(publisher().revert(target, "1"));
  EXPECT_EQ(live(), "old");
}

TEST_F(PublisherTest, reverts_to_no_file) {
  const auto target = publish("new");
  EXPECT_TRUE(publisher().revert(target, "1"));
  EXPECT_EQ(live(), std::nullopt);
}

TEST_F(PublisherTest, keeps_a_copy_where_links_are_not_allowed) {
  put_live("a", "old");
  files_.fail_all("link", EPERM);
  const auto target = publish("new");
  EXPECT_TRUE(publisher().revert(target, "1"));
  EXPECT_EQ(live(), "old");
}

/// On any volume, so many bytes are too many.
TEST_F(PublisherTest, keeps_no_copy_that_would_fill_the_volume) {
  settings_.download.min_free_percent = {100, "download.minFreePercent"};
  start();
  const std::string large(files::kSmallBytes + 1, 'x');
  put_live("a", large);
  EXPECT_TRUE(prepare("new")) << "a link takes no room";
  files_.fail_all("link", EPERM);
  const auto refused = prepare("new");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kNoSpace);
  EXPECT_EQ(live(), large);
  EXPECT_TRUE(std::filesystem::is_empty(settings_.state_dir / "kept"));
}

TEST_F(PublisherTest, reverts_on_a_volume_that_is_full_by_the_rule) {
  const std::string large(files::kSmallBytes + 1, 'x');
  put_live("a", large);
  const auto target = publish("new");
  settings_.download.min_free_percent = {100, "download.minFreePercent"};
  start();
  files_.fail_all("link", EPERM);
  EXPECT_TRUE(publisher().revert(target, "1"));
  EXPECT_EQ(live(), large);
}

TEST_F(PublisherTest, gives_no_copy_the_set_id_bits_of_the_original) {
  put_live("a", "old");
  ::chmod((settings_.file_dir / "a").c_str(), 06755);
  files_.fail_all("link", EPERM);
  publish("new");
  EXPECT_EQ(mode_of(settings_.state_dir / "kept/1"), 0755U);
}

TEST_F(PublisherTest, follows_no_symlink_out_of_the_shared_directory) {
  std::filesystem::create_directory_symlink("/tmp", settings_.file_dir / "out");
  EXPECT_EQ(publisher().check("out/a").error().code, ErrorCode::kInvalid);
}

TEST_F(PublisherTest, refuses_the_state_directory) {
  EXPECT_EQ(publisher().check(".okg-sidecar/journal").error().code, ErrorCode::kInvalid);
}

TEST_F(PublisherTest, refuses_a_directory) {
  std::filesystem::create_directory(settings_.file_dir / "a");
  EXPECT_FALSE(publisher().check("a"));
}

TEST_F(PublisherTest, makes_nothing_while_it_checks) {
  EXPECT_TRUE(publisher().check("maps/1"));
  EXPECT_FALSE(std::filesystem::exists(settings_.file_dir / "maps"));
}

}  // namespace
}  // namespace okg::hot_update
