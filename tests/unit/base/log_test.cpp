#include "base/log.hpp"

#include <gtest/gtest.h>

namespace okg::log {
namespace {

constexpr auto kTime = "2026-11-23T08:15:30.123456Z";

std::string json(std::string_view event, Fields fields) {
  return line_of(Format::kJson, kTime, Level::kWarn, event, fields);
}
std::string text(std::string_view event, Fields fields) {
  return line_of(Format::kText, kTime, Level::kWarn, event, fields);
}

TEST(JsonLine, begins_with_the_reserved_keys_and_keeps_types_apart) {
  EXPECT_EQ(json("update ended", {{"id", 7U}, {"ok", true}, {"message", "7"}, {"bytes", -1L}}),
            R"({"time":"2026-11-23T08:15:30.123456Z","level":"warn","event":"update ended",)"
            R"("id":7,"ok":true,"message":"7","bytes":-1})");
}

TEST(TextLine, quotes_what_could_be_taken_for_something_else) {
  EXPECT_EQ(text("update ended", {{"a", "b"}, {"c", "d e"}, {"f", "g=h"}, {"i", ""}, {"j", 7}}),
            "2026-11-23T08:15:30.123456Z warn update ended a=b c=\"d e\" f=\"g=h\" i=\"\" j=7");
}

TEST(LogLine, shows_nothing_that_a_terminal_acts_upon) {
  const std::string hostile = "\x1b[2J\n\x7f\u009b\u202e\u2066\xff";
  EXPECT_EQ(text("a", {{"b", hostile}}),
            "2026-11-23T08:15:30.123456Z warn a "
            "b=\"\\u001b[2J\\n\\u007f\\u009b\\u202e\\u2066\ufffd\"");
  EXPECT_EQ(json(hostile, {}).find('\x1b'), std::string::npos);
  EXPECT_EQ(text("a\nb", {}).find('\n'), std::string::npos);
}

TEST(LogLine, masks_secrets) {
  for (const auto& line : {text("a", {{"error", "GET https://u:hunter2@h/a?k=hunter2: 404"}}),
                           json("a", {{"url", "https://u:hunter2@h/a?k=hunter2"}})})
    EXPECT_EQ(line.find("hunter2"), std::string::npos) << line;
}

TEST(LogKey, does_not_compile_with_a_reserved_name) {
  static_assert(is_reserved("time") && is_reserved("level") && is_reserved("event"));
  static_assert(!is_reserved("message") && !is_reserved("times"));
}

}  // namespace
}  // namespace okg::log
