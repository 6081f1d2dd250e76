#include "api/tree_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okg::api {
namespace {

using results::TreeFormat;
using results::TreeMode;
using testing::ElementsAre;
using testing::HasSubstr;

results::TreeOptions options_of(Fields fields) {
  fields.emplace("format", "archive");
  return parse_tree(fields).value().value();
}

std::string words_of_tree(Fields fields) {
  fields.emplace("format", "archive");
  const auto parsed = parse_tree(fields);
  return parsed ? "" : parsed.error().message;
}

TEST(ParseTree, is_nothing_for_a_file) {
  EXPECT_FALSE(parse_tree({})->has_value());
  EXPECT_FALSE(parse_tree({{"format", "file"}})->has_value());
}

TEST(ParseTree, knows_both_formats) {
  EXPECT_EQ(parse_tree({{"format", "archive"}}).value()->format, TreeFormat::kArchive);
  EXPECT_EQ(parse_tree({{"format", "manifest"}}).value()->format, TreeFormat::kManifest);
  EXPECT_EQ(parse_tree({{"format", "zip"}}).error().message,
            "format is 'zip'; it can be file, archive or manifest");
}

TEST(ParseTree, refuses_of_a_file_what_is_of_folders) {
  for (const auto name : kTreeFields) {
    const auto error = parse_tree({{std::string(name), "1"}}).error();
    EXPECT_EQ(error.reason, Reason::kInvalidField);
    EXPECT_EQ(error.message,
              std::string(name) + " is of folders; send format=archive or format=manifest with it");
  }
}

TEST(ParseTree, reads_the_mode) {
  EXPECT_EQ(options_of({}).mode, TreeMode::kMirror);
  EXPECT_EQ(options_of({{"mode", "overlay"}}).mode, TreeMode::kOverlay);
  EXPECT_EQ(words_of_tree({{"mode", "merge"}}), "mode is 'merge'; it can be mirror or overlay");
}

TEST(ParseTree, strips_up_to_100_components) {
  EXPECT_EQ(options_of({{"stripComponents", "100"}}).strip_components, 100U);
  for (const auto* number : {"101", "-1", "x", "1.5"})
    EXPECT_THAT(words_of_tree({{"stripComponents", number}}), HasSubstr("a number from 0 to 100"));
}

TEST(ParseTree, reads_the_encoding_of_names_in_any_case) {
  EXPECT_EQ(options_of({{"nameEncoding", "GBK"}}).name_encoding, "gbk");
  for (const auto* utf8 : {"UTF-8", "utf8"})
    EXPECT_EQ(options_of({{"nameEncoding", utf8}}).name_encoding, "");
  EXPECT_EQ(words_of_tree({{"nameEncoding", "big5"}}),
            "nameEncoding is 'big5'; it can be utf-8 or gbk");
}

TEST(ParseTree, separates_globs_by_commas_with_blanks_behind_them) {
  EXPECT_THAT(options_of({{"include", "*.lua, maps/** ,,a b"}}).include,
              ElementsAre("*.lua", "maps/**", "a b"));
}

TEST(ParseTree, refuses_globs_that_no_path_matches) {
  const std::map<std::string, std::string> cases{
      {"!a", "globs are not negated; use include and exclude"},
      {"a\\b", "write / between folders"},
      {"docs/", "send 'docs/**'"},
      {"./a", "no path has such a part"},
      {"a//b", "no path has such a part"},
      {"a/../b", "no path has such a part"},
      {"*.{a,b}", "a list in braces is not known"},
  };
  for (const auto& [glob, flaw] : cases) {
    EXPECT_THAT(words_of_tree({{"exclude", glob}}), HasSubstr(", which no path matches: " + flaw));
  }
}

TEST(ParseTree, bounds_globs) {
  EXPECT_EQ(words_of_tree({{"include", std::string(256, 'a')}}), "");
  EXPECT_THAT(words_of_tree({{"include", std::string(257, 'a')}}),
              HasSubstr("globs of paths below"));
  EXPECT_THAT(words_of_tree({{"include", "/a"}}), HasSubstr("globs of paths below"));
  std::string most = "a";
  for (int i = 1; i < 64; ++i) most += ",a";
  EXPECT_EQ(words_of_tree({{"exclude", most}}), "");
  EXPECT_EQ(words_of_tree({{"exclude", most + ",a"}}), "exclude has more than 64 globs");
}

TEST(AddTree, is_read_back_as_it_was_written) {
  results::TreeOptions options;
  options.format = TreeFormat::kManifest;
  options.mode = TreeMode::kOverlay;
  options.strip_components = 2;
  options.include = {"a", "b/**"};
  options.exclude = {"c"};
  options.name_encoding = "gbk";
  Fields fields;
  add_tree(options, fields);
  EXPECT_EQ(parse_tree(fields).value(), options);
}

TEST(AddTree, leaves_out_what_is_so_by_default) {
  Fields fields;
  add_tree({}, fields);
  EXPECT_EQ(fields, (Fields{{"format", "archive"}}));
}

TEST(CheckTree, takes_what_could_be_asked_for) {
  results::TreeOptions options;
  options.strip_components = 100;
  options.name_encoding = "gbk";
  options.include = {"maps/**"};
  EXPECT_TRUE(check_tree(options));
}

TEST(CheckTree, names_what_could_not) {
  results::TreeOptions options;
  options.strip_components = 101;
  EXPECT_THAT(check_tree(options).error().message, HasSubstr("stripComponents is '101'"));
  options = {};
  options.name_encoding = "big5";
  EXPECT_THAT(check_tree(options).error().message, HasSubstr("nameEncoding is 'big5'"));
  options = {};
  options.exclude = {"/etc"};
  EXPECT_THAT(check_tree(options).error().message, HasSubstr("exclude is '/etc'"));
}

TEST(TreePath, is_the_whole_directory_when_there_is_none) {
  EXPECT_EQ(tree_path({}).value(), ".");
  EXPECT_EQ(tree_path({{"path", "."}}).value(), ".");
}

TEST(TreePath, drops_slashes_at_its_end) {
  EXPECT_EQ(tree_path({{"path", "maps//"}}).value(), "maps");
  EXPECT_EQ(tree_path({{"path", "./"}}).value(), ".");
}

TEST(TreePath, refuses_what_no_path_may_be) {
  for (const auto* path : {"/", "..", "/maps", "a\\b"})
    EXPECT_FALSE(tree_path({{"path", path}})) << path;
}

}  // namespace
}  // namespace okg::api
