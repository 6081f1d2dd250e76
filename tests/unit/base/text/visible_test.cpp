#include "base/text/visible.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace okg {
namespace {

using Json = nlohmann::ordered_json;

TEST(VisibleJson, escapes_what_a_terminal_acts_upon) {
  EXPECT_EQ(visible_json("\x1b[2J\n"), R"("\u001b[2J\n")");
  EXPECT_EQ(visible_json("\x7f"), R"("\u007f")");
  EXPECT_EQ(visible_json("\u009b31m\u0085"), R"("\u009b31m\u0085")");
  EXPECT_EQ(visible_json("\u202egnp.exe\u2066\u200f\u061c\u2028"),
            R"("\u202egnp.exe\u2066\u200f\u061c\u2028")");
}

TEST(VisibleJson, escapes_what_cannot_be_seen) {
  EXPECT_EQ(visible_json("a\u200b\u2060\ufeff"), R"("a\u200b\u2060\ufeff")");
  EXPECT_EQ(visible_json("\u200d \uff01"), "\"\u200d \uff01\"") << "joiners and wide letters stay";
}

TEST(VisibleJson, leaves_other_text_and_reads_back_as_the_same) {
  for (const auto* text : {"地图 é 🎮", "a\"b\\c", "\u202e\u009b\x7f", "\u00a0\u2027\u202f\u206a"})
    EXPECT_EQ(Json::parse(visible_json(text)).get<std::string>(), text);
  EXPECT_EQ(visible_json("地图"), "\"地图\"");
}

TEST(VisibleJson, replaces_invalid_utf8) { EXPECT_EQ(visible_json("a\xff"), "\"a\ufffd\""); }

TEST(Visible, quotes_nothing) {
  EXPECT_EQ(visible("a \"b\" \\ c"), "a \"b\" \\ c");
  EXPECT_EQ(visible("地图"), "地图");
  EXPECT_EQ(visible("a\nb\u202e"), "a\\nb\\u202e");
}

TEST(IsUtf8, knows_well_formed_text) {
  for (const auto* text : {"", "a", "é", "图", "🎮", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const auto* text :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xb5\xd8", "\xe5\x9b", "a\xff"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

}  // namespace
}  // namespace okg
