#include "content/source_words.hpp"

#include <gtest/gtest.h>

#include "base/text/bytes.hpp"

namespace okg::content {
namespace {

TEST(Printable, keeps_printable_ascii) { EXPECT_EQ(printable("a~b!", 100), "a~b!"); }

TEST(Printable, makes_one_space_of_all_between) {
  EXPECT_EQ(printable(" \x1b[2J\r\n\t a \u202e\u56fe b\n", 100), "[2J a b");
}

TEST(Printable, ends_after_so_many_characters_and_not_in_a_space) {
  EXPECT_EQ(printable("abcd", 3), "abc");
  EXPECT_EQ(printable("ab cd", 3), "ab");
}

std::string quoted(const std::string& text, const KnownSecrets& secrets = {}) {
  SourceWords words;
  words.add(as_bytes(text));
  return words.quoted(secrets);
}

TEST(SourceWords, are_quoted) { EXPECT_EQ(quoted("<h1>Not\nFound"), ": '<h1>Not Found'"); }

TEST(SourceWords, are_nothing_where_there_are_none) {
  EXPECT_EQ(quoted(""), "");
  EXPECT_EQ(quoted("\n\u56fe"), "");
}

TEST(SourceWords, come_in_parts) {
  SourceWords words;
  words.add(as_bytes("Not "));
  words.add(as_bytes("Found"));
  EXPECT_EQ(words.quoted({}), ": 'Not Found'");
}

TEST(SourceWords, are_200_characters_at_most) {
  EXPECT_EQ(quoted(std::string(300, 'x')).size(), SourceWords::kMaxCharacters + 4);
}

TEST(SourceWords, need_no_more_than_4096_bytes) {
  SourceWords words;
  words.add(as_bytes(std::string(4095, ' ')));
  EXPECT_FALSE(words.is_full());
  words.add(as_bytes("ab"));
  EXPECT_TRUE(words.is_full());
  EXPECT_EQ(words.quoted({}), ": 'a'");
}

TEST(SourceWords, repeat_no_secret) {
  KnownSecrets secrets;
  secrets.add_url("https://h/a?sign=hunter2hunter2");
  EXPECT_EQ(quoted("no key hunter2hunter2", secrets).find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace okg::content
