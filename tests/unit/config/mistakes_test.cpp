#include "config/mistakes.hpp"

#include <gtest/gtest.h>

namespace okg::config {
namespace {

std::string all_words_of(const Mistakes& mistakes) {
  std::string words;
  for (const auto& each : mistakes.list()) words += to_string(each) + "\n";
  return words;
}

TEST(Mistakes, are_none_at_first) {
  const Mistakes mistakes("a.yaml");
  EXPECT_TRUE(mistakes.empty());
  EXPECT_EQ(mistakes.size(), 0U);
  EXPECT_TRUE(mistakes.list().empty());
}

TEST(Mistakes, say_file_line_and_key) {
  Mistakes mistakes("a.yaml");
  mistakes.add(7, "plugins[0].nmae", "unknown key");
  EXPECT_EQ(all_words_of(mistakes), "a.yaml:7: plugins[0].nmae: unknown key\n");
}

TEST(Mistakes, say_no_key_of_the_whole_file) {
  Mistakes mistakes("a.yaml");
  mistakes.add(1, "", "no YAML");
  EXPECT_EQ(all_words_of(mistakes), "a.yaml:1: no YAML\n");
}

TEST(Mistakes, are_in_the_order_of_lines_and_then_of_coming) {
  Mistakes mistakes("f");
  mistakes.add(9, "", "c");
  mistakes.add(2, "", "a");
  mistakes.add(2, "", "b");
  EXPECT_EQ(all_words_of(mistakes), "f:2: a\nf:2: b\nf:9: c\n");
}

TEST(Mistakes, stay_one_line_each) {
  Mistakes mistakes("f");
  mistakes.add(1, "k\ney",
               "a\x1b"
               "b\x7f"
               "c\r\n");
  EXPECT_EQ(all_words_of(mistakes), "f:1: k ey: a b c  \n");
}

TEST(Mistakes, are_cut_after_400_bytes) {
  Mistakes mistakes("f");
  mistakes.add(1, std::string(1000, 'k'), std::string(1000, 'm'));
  const auto mistake = mistakes.list().at(0);
  EXPECT_EQ(mistake.key, std::string(400, 'k') + "\u2026");
  EXPECT_EQ(mistake.message, std::string(400, 'm') + "\u2026");
}

}  // namespace
}  // namespace okg::config
