#include "api/file_list.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json.hpp"

namespace okg::api {
namespace {

FileList two_files() {
  return {"game",
          "v2",
          {{"a.lua", 3, sha256_of("one"), FileKind::kFile},
           {"own", 5, std::nullopt, FileKind::kExecutable}}};
}

Result<FileList> read(const std::string& text) {
  const auto json = parse_ordered_json(text);
  if (!json) return json.error();
  return files_from_json(*json);
}

TEST(FileList, is_written_with_a_line_for_each_file) {
  EXPECT_EQ(text_of(two_files()), R"({"path":"game","version":"v2","files":[)"
                                  "\n"
                                  R"({"path":"a.lua","bytes":3,"sha256":")" +
                                      sha256_of("one").hex() +
                                      R"(","mode":"0644"},)"
                                      "\n"
                                      R"({"path":"own","bytes":5,"mode":"0755"})"
                                      "\n]}\n");
}

TEST(FileList, is_the_same_when_it_is_written_and_read) {
  auto list = two_files();
  list.files.push_back({"link", 3, sha256_of("own"), FileKind::kSymlink});
  list.files.push_back({"single", 1, sha256_of("1"), FileKind::kUnknown});
  const auto again = read(text_of(list));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, list);
}

TEST(FileList, may_be_empty) {
  const FileList none{"game", "v1"};
  const auto again = read(text_of(none));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, none);
}

TEST(FileList, of_another_release_is_read_as_far_as_it_goes) {
  const auto list = read(R"({"files":[{"path":"a","mode":"0600","more":1},7]})");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->files, (std::vector<ListedFile>{{"a"}, {}}));
}

TEST(FileList, is_not_read_with_a_checksum_that_is_none) {
  const auto list = read(R"({"files":[{"path":"a","sha256":"abc"}]})");
  ASSERT_FALSE(list);
  EXPECT_NE(list.error().message.find("'a'"), std::string::npos) << list.error().message;
}

TEST(FileList, is_an_object) { EXPECT_FALSE(read("[]")); }

TEST(FilesQuery, is_one_with_files_in_it) {
  EXPECT_TRUE(asks_for_files("path=game&files=true"));
  EXPECT_TRUE(asks_for_files("files=perhaps"));
  EXPECT_FALSE(asks_for_files("path=files"));
  EXPECT_FALSE(asks_for_files(""));
}

TEST(FilesQuery, names_a_path_or_means_the_whole_directory) {
  EXPECT_EQ(path_of_files("files=true&path=maps%2F1.json").value(), "maps/1.json");
  EXPECT_EQ(path_of_files("files=true").value(), ".");
}

TEST(FilesQuery, is_refused_when_it_says_something_else) {
  for (const auto* query : {"files=perhaps", "path=game", "files=true&files=true",
                            "files=true&version=v1", "files=true&path=%ff"}) {
    const auto path = path_of_files(query);
    ASSERT_FALSE(path) << query;
    EXPECT_EQ(path.error().code, ErrorCode::kInvalid) << query;
  }
}

}  // namespace
}  // namespace okg::api
