#include "content/archive/name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okg::content {
namespace {

using testing::HasSubstr;

std::string words_of_name(std::string_view name) {
  const auto clean = clean_name(name, "folder");
  if (clean) return "";
  EXPECT_EQ(clean.error().code, ErrorCode::kRefused);
  EXPECT_EQ(clean.error().reason, Reason::kUnsafeArchive);
  return clean.error().message;
}

TEST(CleanName, leaves_out_what_says_nothing) {
  EXPECT_EQ(clean_name("./maps//./1.json").value(), "maps/1.json");
  EXPECT_EQ(clean_name("maps/").value(), "maps");
}

TEST(CleanName, is_empty_of_the_root) {
  for (const auto* name : {"", ".", "./", ".//./"}) EXPECT_EQ(clean_name(name).value(), "");
}

TEST(CleanName, keeps_names_in_any_script_and_with_dots) {
  for (const auto* name : {"a b/\u5730\u56fe", "..a/b..", ".hidden", "...", "a\u0301"})
    EXPECT_EQ(clean_name(name).value(), name);
}

TEST(CleanName, refuses_what_would_leave_the_folder) {
  for (const auto* name : {"..", "a/../b", "a/..", "./../a"})
    EXPECT_THAT(words_of_name(name), HasSubstr("has '..' in its name")) << name;
  EXPECT_THAT(words_of_name("/etc/passwd"), HasSubstr("has an absolute name"));
}

TEST(CleanName, refuses_what_cannot_be_meant) {
  EXPECT_THAT(words_of_name("a\\b"), HasSubstr("has a backslash"));
  EXPECT_THAT(words_of_name("a\nb"), HasSubstr("control character"));
  EXPECT_THAT(words_of_name(std::string_view("a\0b", 3)), HasSubstr("has a NUL"));
  EXPECT_THAT(words_of_name("a\xff"), HasSubstr("is not UTF-8"));
  EXPECT_THAT(words_of_name("\u202egnp"), HasSubstr("text direction character"));
}

TEST(CleanName, has_parts_of_255_bytes_at_most) {
  EXPECT_EQ(words_of_name(std::string(255, 'a')), "");
  EXPECT_THAT(words_of_name(std::string(256, 'a')), HasSubstr("has a name longer than 255 bytes"));
}

TEST(CleanName, has_1024_bytes_at_most) {
  std::string path;
  while (path.size() < 1024) path += std::string(127, 'a') + "/";
  path.back() = 'a';
  EXPECT_EQ(words_of_name(path), "");
  EXPECT_EQ(words_of_name("./" + path), "");
  EXPECT_THAT(words_of_name(path + "a"), HasSubstr("has a path longer than 1024 bytes"));
}

TEST(CleanName, quotes_the_name_and_says_what_has_it) {
  EXPECT_EQ(words_of_name("../a"),
            "the folder's entry '../a' has '..' in its name, which would leave the folder");
  EXPECT_LT(words_of_name(std::string(5000, 'a')).size(), 300U);
}

TEST(DecodeName, takes_utf8_as_it_is) {
  for (const auto encoding : {NameEncoding::kUtf8, NameEncoding::kGbk})
    EXPECT_EQ(decode_name("\u5730", true, encoding).value(), "\u5730");
}

TEST(DecodeName, makes_utf8_of_gbk) {
  EXPECT_EQ(decode_name("\xb5\xd8\xcd\xbc.json", false, NameEncoding::kGbk).value(),
            "\u5730\u56fe.json");
}

TEST(DecodeName, says_what_a_zip_of_windows_needs) {
  EXPECT_THAT(decode_name("\xb5\xd8", false, NameEncoding::kUtf8).error().message,
              HasSubstr("nameEncoding=gbk"));
  EXPECT_THAT(decode_name("\xff\xff", false, NameEncoding::kGbk).error().message,
              HasSubstr("neither UTF-8 nor GBK"));
  EXPECT_FALSE(decode_name("\xb5\xd8", true, NameEncoding::kGbk));
}

TEST(CollisionKey, is_the_same_in_any_case) {
  EXPECT_EQ(collision_key("Maps/A.json"), collision_key("maps/a.JSON"));
  EXPECT_EQ(collision_key("\u00c4"), collision_key("\u00e4"));
  EXPECT_EQ(collision_key("stra\u00dfe"), collision_key("STRASSE"));
}

TEST(CollisionKey, is_the_same_in_any_unicode_form) {
  EXPECT_EQ(collision_key("\u00e9"), collision_key("e\u0301"));
}

TEST(CollisionKey, differs_for_other_names) {
  EXPECT_NE(collision_key("a"), collision_key("b"));
  EXPECT_NE(collision_key("\u5730"), collision_key("\u56fe"));
}

TEST(StaysInside, takes_what_is_below_the_folder) {
  EXPECT_TRUE(stays_inside("a/link", "b"));
  EXPECT_TRUE(stays_inside("a/link", "../b"));
  EXPECT_TRUE(stays_inside("a/b/link", "../../c"));
  EXPECT_TRUE(stays_inside("link", "./a//b"));
}

TEST(StaysInside, refuses_what_leads_out) {
  EXPECT_FALSE(stays_inside("link", "../a"));
  EXPECT_FALSE(stays_inside("a/link", "../../b"));
  EXPECT_FALSE(stays_inside("link", "/a"));
  EXPECT_FALSE(stays_inside("link", ""));
}

TEST(StaysInside, lets_nothing_climb_behind_another_symlink) {
  EXPECT_FALSE(stays_inside("a/link", "b/../c"));
  EXPECT_FALSE(stays_inside("a/link", "../b/.."));
}

std::string words_of_link(std::string_view target) {
  const auto ok = check_link_target("a/link", target);
  return ok ? "" : ok.error().message;
}

TEST(CheckLinkTarget, takes_a_name_within) { EXPECT_EQ(words_of_link("../\u5730"), ""); }

TEST(CheckLinkTarget, says_what_is_wrong_with_it) {
  EXPECT_EQ(words_of_link(""), "the archive's symlink 'a/link' leads nowhere: its target is empty");
  EXPECT_THAT(words_of_link(std::string(1025, 'a')), HasSubstr("longer than 1024 bytes"));
  EXPECT_THAT(words_of_link("a\xff"), HasSubstr("has a target that is not UTF-8"));
  EXPECT_THAT(words_of_link("a\nb"), HasSubstr("with a control"));
  EXPECT_THAT(words_of_link("a\\b"), HasSubstr("has a backslash"));
  EXPECT_THAT(words_of_link("../../etc"), HasSubstr("leads out of the folder"));
}

}  // namespace
}  // namespace okg::content
