#include "config/node.hpp"

#include <gtest/gtest.h>

#include "config/mistakes.hpp"
#include "limits/documented.hpp"

namespace okg::config {
namespace {

std::string fault_of(std::string_view text) {
  const auto node = parse_yaml(text);
  return node ? "" : node.error().message;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(ParseYaml, keeps_kinds_order_and_lines) {
  const auto root = parse_yaml("# comment\nb: 1\na:\n  - x\n  - {k: v}\nc: ~\nd: ''\n");
  ASSERT_TRUE(root);
  ASSERT_EQ(root->kind, Node::Kind::kMap);
  EXPECT_EQ(root->line, 2);
  ASSERT_EQ(root->entries.size(), 4U);
  EXPECT_EQ(root->entries[0].key, "b");
  EXPECT_EQ(root->entries[0].value.scalar, "1");
  EXPECT_EQ(root->entries[1].line, 3);
  const auto& list = root->entries[1].value;
  ASSERT_EQ(list.kind, Node::Kind::kSequence);
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[1].line, 5);
  EXPECT_EQ(list.items[1].entries[0].value.scalar, "v");
  EXPECT_EQ(root->entries[2].value.kind, Node::Kind::kNull);
  EXPECT_EQ(root->entries[3].value.kind, Node::Kind::kScalar);
}

TEST(ParseYaml, keeps_keys_that_stand_twice) {
  const auto root = parse_yaml("a: 1\na: 2\n");
  ASSERT_TRUE(root);
  ASSERT_EQ(root->entries.size(), 2U);
  EXPECT_EQ(root->entries[1].value.scalar, "2");
}

TEST(ParseYaml, takes_nothing_but_comments_as_null) {
  for (const auto* text :
       {"", "\n\n", "# only a comment", "# only a comment\n", "---", "---\n# comment\n", "...\n"}) {
    const auto root = parse_yaml(text);
    ASSERT_TRUE(root) << text;
    EXPECT_EQ(root->kind, Node::Kind::kNull) << text;
  }
}

TEST(ParseYaml, expands_aliases) {
  const auto root = parse_yaml("a: &x {k: v}\nb: *x\n");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->entries[1].value.entries[0].value.scalar, "v");
}

TEST(ParseYaml, names_the_line_of_broken_yaml) {
  EXPECT_EQ(fault_of("a: 1\nb: 2\nc: d: e\n"), "line 3: broken YAML: illegal map value");
  EXPECT_TRUE(fault_of("a: 1\nb: [1, 2\n").starts_with("line ")) << fault_of("a: 1\nb: [1, 2\n");
  EXPECT_TRUE(fault_of("a: 1\nb: *nobody\n").starts_with("line 2: broken YAML: "))
      << fault_of("a: 1\nb: *nobody\n");
  EXPECT_TRUE(fault_of("a:\n\t- b\n").starts_with("line 2: broken YAML: "))
      << fault_of("a:\n\t- b\n");
}

TEST(ParseYaml, refuses_a_quote_that_is_never_closed) {
  const std::string expected =
      "broken YAML: a quote that opens on this line or below is never closed";
  EXPECT_EQ(fault_of("a: 1\nb: 'open\n"), "line 2: " + expected);
  EXPECT_EQ(fault_of("a: 1\nb: \"open\nc: 2\nd: 3"), "line 2: " + expected);
  EXPECT_EQ(fault_of("'"), "line 1: " + expected);
  EXPECT_EQ(fault_of("a: 'it''s closed'\nb: \"\\\"\"\n"), "");
}

TEST(ParseYaml, refuses_a_last_line_without_a_colon) {
  EXPECT_TRUE(fault_of("a: 1\nb\n").starts_with("line 2: broken YAML: ")) << fault_of("a: 1\nb\n");
  EXPECT_TRUE(fault_of("a: 1\nb").starts_with("line 2: broken YAML: ")) << fault_of("a: 1\nb");
}

TEST(ParseYaml, refuses_a_bracket_that_is_never_closed) {
  for (const auto* text : {"a: 1\nb: [1, 2\n", "a: 1\nb: {c: d\n", "a: 1\nb: [1, 2"})
    EXPECT_TRUE(fault_of(text).starts_with("line 2: broken YAML: end of ")) << fault_of(text);
}

TEST(ParseYaml, takes_every_way_in_which_a_file_ends) {
  for (const auto* text : {"a: x", "a: x\n", "a: x\n\n", "a: x\n...", "a: x\n...\n", "a: x # end",
                           "a: |-\n  x", "a: 'x'", "a: x\r\n"}) {
    const auto root = parse_yaml(text);
    ASSERT_TRUE(root) << text << ": " << root.error().message;
    ASSERT_EQ(root->entries.size(), 1U) << text;
    EXPECT_EQ(root->entries[0].value.scalar, "x") << text;
  }
}

TEST(ParseYaml, puts_what_is_missing_at_the_end_on_the_last_line) {
  EXPECT_EQ(parse_yaml("a:\n  -\n")->entries.at(0).value.items.at(0).line, 2);
  EXPECT_EQ(parse_yaml("a: 1\nb:")->entries.at(1).value.line, 2);
}

TEST(ParseYaml, refuses_nul_in_a_text) {
  EXPECT_EQ(fault_of("a: 1\nlisten: \"127.0.0.1\\0x:5000\"\n"),
            "line 2: a text must not hold the character NUL");
}

TEST(ParseYaml, puts_a_mistake_at_its_line) {
  Mistakes mistakes("config.yaml");
  EXPECT_FALSE(parse_yaml("a: 1\nb: c: d\n", mistakes));
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(to_string(mistakes.list()[0]), "config.yaml:2: broken YAML: illegal map value");
}

TEST(ParseYaml, refuses_what_follows_the_document) {
  const std::string expected = "the file must end here; only one YAML document is read";
  EXPECT_EQ(fault_of("a: 1\n---\nb: 2\n"), "line 2: " + expected);
  EXPECT_NE(fault_of("a: 1\n]\n"), "");
  EXPECT_EQ(fault_of("a:\n%b of "), "line 2: " + expected);  // a directive, with nothing behind it
  EXPECT_EQ(fault_of("---\na: 1\n...\n"), "");
}

TEST(ParseYaml, refuses_control_characters) {
  const std::string text("a: 1\n\x04\nb: 2\n");
  EXPECT_EQ(fault_of(text),
            "line 2: broken YAML: the control character 4; write the file as UTF-8 text");
  EXPECT_NE(fault_of(std::string_view("a\0: 1", 5)), "");
}

TEST(ParseYaml, takes_windows_line_ends_and_a_byte_order_mark) {
  const auto root = parse_yaml(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 2\r\n");
  ASSERT_TRUE(root);
  ASSERT_EQ(root->entries.size(), 2U);
  EXPECT_EQ(root->entries[0].key, "a");
  EXPECT_EQ(root->entries[1].value.scalar, "2");
  EXPECT_EQ(root->entries[1].line, 2);
}

TEST(ParseYaml, refuses_absurd_nesting) {
  const auto most = limits::documented("levels that its values nest");
  EXPECT_EQ(fault_of(repeated("[", most) + repeated("]", most)), "");
  EXPECT_EQ(fault_of(repeated("[", most + 1) + repeated("]", most + 1)),
            "line 1: nested deeper than 64 levels");
  EXPECT_EQ(fault_of(repeated("[", 100) + repeated("]", 100)),
            "line 1: nested deeper than 64 levels");
  EXPECT_EQ(fault_of(repeated("{a: ", 100) + repeated("}", 100)),
            "line 1: nested deeper than 64 levels");
  EXPECT_NE(fault_of(repeated("[", 20'000)), "");
  EXPECT_NE(fault_of(repeated("{a: ", 20'000)), "");
}

TEST(ParseYaml, refuses_nesting_by_aliases) {
  std::string text = "- &a0 " + repeated("[", 40) + "x" + repeated("]", 40) + "\n- &a1 " +
                     repeated("[", 40) + "*a0" + repeated("]", 40) + "\n";
  EXPECT_EQ(fault_of(text), "line 2: nested deeper than 64 levels");
}

TEST(ParseYaml, takes_as_many_values_as_documented) {
  const auto most =
      limits::documented("values in it, each alias counted with all that it stands for");
  EXPECT_EQ(fault_of("[" + repeated("x,", most) + "]"), "");
  EXPECT_EQ(fault_of("[" + repeated("x,", most + 1) + "]"), "line 1: more than 20000 values");
  EXPECT_EQ(fault_of("[&a x," + repeated("x,", most - 3) + "*a]"), "");
  EXPECT_NE(fault_of("[&a x," + repeated("x,", most - 3) + "*a,*a]"), "");
}

TEST(ParseYaml, refuses_an_alias_bomb) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
            repeated(alias + ", ", 9) + alias + "]\n";
  }
  EXPECT_TRUE(fault_of(text).ends_with("more than 20000 values")) << fault_of(text);
}

TEST(ParseYaml, refuses_a_bomb_of_one_long_text) {
  const auto text =
      "a: &a " + std::string(100'000, 'x') + "\nb: [" + repeated("*a, ", 1000) + "]\n";
  EXPECT_EQ(fault_of(text), "line 2: too much text");
}

TEST(ParseYaml, refuses_an_alias_inside_of_what_it_refers_to) {
  EXPECT_EQ(fault_of("a: 1\nb: &b [1, *b]\n"),
            "line 2: an alias stands inside of what it refers to");
}

TEST(ParseYaml, refuses_keys_that_are_no_text) {
  EXPECT_EQ(fault_of("a: 1\n[b, c]: 2\n"),
            "line 2: a key must be text; a template, {{ … }}, has to be filled in first");
  EXPECT_EQ(fault_of("a: 1\n~: 2\n"), "line 2: a key must be text");
}

}  // namespace
}  // namespace okg::config
