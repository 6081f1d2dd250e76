#include "content/manifest/manifest_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace okg::content {
namespace {

std::vector<ManifestMembers> read_members(const std::string& text) {
  std::vector<ManifestMembers> all;
  const auto done = read_manifest_json(text, [&](ManifestMembers members) {
    all.push_back(std::move(members));
    return Result<void>();
  });
  EXPECT_TRUE(done) << done.error().message;
  return all;
}

std::string words_of_json(const std::string& text) {
  const auto done = read_manifest_json(text, [](const auto&) { return Result<void>(); });
  if (done) return "";
  EXPECT_EQ(done.error().reason, Reason::kInvalidManifest);
  return done.error().message;
}

TEST(ReadManifestJson, gives_the_members_of_each_file) {
  const auto all = read_members(
      R"({"files":[{"path":"a","url":"u","sha256":"s","mode":"0644","bytes":12},{"mode":420}]})");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].path, "a");
  EXPECT_EQ(all[0].url, "u");
  EXPECT_EQ(all[0].sha256, "s");
  EXPECT_EQ(all[0].mode, "0644");
  EXPECT_EQ(all[0].bytes, 12U);
  EXPECT_EQ(all[1].mode_number, 420U);
}

TEST(ReadManifestJson, takes_nothing_of_one_file_for_the_next) {
  EXPECT_EQ(read_members(R"({"files":[{"path":"a"},{}]})").at(1).path, std::nullopt);
}

TEST(ReadManifestJson, takes_null_for_nothing) {
  EXPECT_EQ(read_members(R"({"files":[{"path":null}]})").at(0).path, std::nullopt);
}

TEST(ReadManifestJson, takes_no_file_of_an_empty_list) {
  EXPECT_TRUE(read_members(R"({"files":[]})").empty());
}

TEST(ReadManifestJson, passes_over_what_it_does_not_know) {
  const auto all =
      read_members(R"({"a":{"files":[{"path":"no"}]},"b":[1,"x",true],"files":[{"x":{"path":"no"},)"
                   R"("y":[{"bytes":1}],"z":-1.5,"path":"a"}],"c":null})");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].path, "a");
  EXPECT_EQ(all[0].bytes, std::nullopt);
}

TEST(ReadManifestJson, says_what_a_member_cannot_be) {
  const std::pair<const char*, const char*> cases[]{
      {R"("path":1)", "\"path\" cannot be a number"},
      {R"("path":true)", "\"path\" cannot be true or false"},
      {R"("bytes":"1")", "\"bytes\" cannot be a string"},
      {R"("bytes":-1)", "\"bytes\" cannot be a negative number"},
      {R"("bytes":1.5)", "\"bytes\" cannot be written with a fraction or an exponent"},
      {R"("bytes":18446744073709551616)", "\"bytes\" cannot be larger than 2^64 - 1"},
      {R"("sha256":1e3)", "\"sha256\" cannot be written with a fraction"},
  };
  for (const auto& [member, words] : cases)
    EXPECT_THAT(words_of_json(std::string(R"({"files":[{)") + member + "}]}"),
                testing::HasSubstr(words));
}

TEST(ReadManifestJson, refuses_elements_that_are_no_objects) {
  for (const auto* element : {"1", "\"a\"", "[]", "true", "-1", "1.5"})
    EXPECT_EQ(words_of_json(std::string(R"({"files":[)") + element + "]}"),
              "the manifest's \"files\" has an element that is no object");
}

TEST(ReadManifestJson, refuses_what_has_no_list_of_files) {
  for (const auto* text : {"{}", "[]", "3", R"({"files":{}})", R"({"files":"a"})"})
    EXPECT_THAT(words_of_json(text), testing::StartsWith("the manifest has no list \"files\""))
        << text;
}

TEST(ReadManifestJson, refuses_two_lists) {
  EXPECT_EQ(words_of_json(R"({"files":[],"files":[]})"), "the manifest has \"files\" twice");
}

TEST(ReadManifestJson, names_the_byte_beyond_which_it_is_no_json) {
  EXPECT_EQ(words_of_json(R"({"files":[}])"), "the manifest is no JSON: see its byte 11");
}

TEST(ReadManifestJson, ends_with_what_the_taker_says) {
  int taken = 0;
  const auto done = read_manifest_json(R"({"files":[{},{}]})", [&](const auto&) {
    ++taken;
    return Result<void>(fail(ErrorCode::kRefused, "enough"));
  });
  EXPECT_EQ(done.error().message, "enough");
  EXPECT_EQ(taken, 1);
}

}  // namespace
}  // namespace okg::content
