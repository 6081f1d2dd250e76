#include "plugins/hot_update/disk/new_names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "files/folder.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

std::vector<IndexEntry> entries_of(const std::vector<std::string>& paths) {
  std::vector<IndexEntry> entries;
  for (const auto& path : paths) entries.emplace_back().path = path;
  return entries;
}

/// An overlay brings "maps/New.json" and "maps/é.json", in which é is one character.
class NewNamesTest : public testing::Test {
 protected:
  [[nodiscard]] Result<bool> replaces(const std::string& live) const {
    const auto folder = files::Folder::open(folder_.path()).value();
    return NewNames(entries_, folder.fd()).replace(live);
  }
  void put_live(const std::string& path) const { folder_.write(path, "text"); }

  tests::TemporaryFolder folder_;
  std::vector<IndexEntry> entries_ = entries_of({"maps/New.json", "maps/\u00e9.json"});
};

TEST_F(NewNamesTest, replace_what_has_the_same_name) {
  EXPECT_TRUE(replaces("maps/New.json").value());
}

TEST_F(NewNamesTest, leave_what_has_another_name) {
  EXPECT_FALSE(replaces("maps/old.json").value());
}

TEST_F(NewNamesTest, may_not_differ_only_in_case_from_what_stays) {
  const auto replaced = replaces("maps/new.json");
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().code, ErrorCode::kRefused);
  EXPECT_NE(replaced.error().message.find("'maps/New.json', which is new, and 'maps/new.json'"),
            std::string::npos);
}

TEST_F(NewNamesTest, may_not_differ_only_in_unicode_form_from_what_stays) {
  EXPECT_FALSE(replaces("maps/e\u0301.json"));
}

TEST_F(NewNamesTest, may_stand_beside_one_that_they_stood_beside_before) {
  put_live("maps/New.json");
  EXPECT_FALSE(replaces("maps/new.json").value());
}

}  // namespace
}  // namespace okg::hot_update
