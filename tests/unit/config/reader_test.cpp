#include "config/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/reading.hpp"
#include "limits/documented.hpp"

namespace okg::config {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(MapReader, finds_keys_without_regard_to_case) {
  Reading reading("SIGNALNAME: SIGHUP\n");
  EXPECT_TRUE(reading.map.has("signalName"));
  EXPECT_EQ(reading.map.text("signalName", ""), "SIGHUP");
  reading.map.finish();
  EXPECT_THAT(reading.lines(), IsEmpty());
}

TEST(MapReader, gives_the_default_for_absent_and_null) {
  Reading reading("a: ~\nb:\n");
  EXPECT_FALSE(reading.map.has("a"));
  EXPECT_EQ(reading.map.text("a", "x"), "x");
  EXPECT_EQ(reading.map.integer("b", 7, 0, 9), 7);
  EXPECT_TRUE(reading.map.flag("c", true));
  EXPECT_EQ(reading.map.seconds("d", milliseconds(5)), milliseconds(5));
  EXPECT_EQ(reading.map.byte_size("e", 3), 3U);
  EXPECT_EQ(reading.map.cpu_millis("f", 4), 4U);
  EXPECT_THAT(reading.map.sequence("g"), IsEmpty());
  EXPECT_THAT(reading.map.text_map("h"), IsEmpty());
  reading.map.finish();
  EXPECT_THAT(reading.lines(), IsEmpty());
}

TEST(MapReader, reads_maps_below_names_as_they_stand) {
  Reading reading("m:\n  https://H/:\n    A: 1\n    surplus: 2\n  x: 3\n  y:\n  https://h/: {}\n");
  auto maps = reading.map.named_maps("m");
  ASSERT_EQ(maps.size(), 1U);
  EXPECT_EQ(maps[0].first, "https://H/");
  EXPECT_EQ(maps[0].second.text("a", ""), "1");
  maps[0].second.finish();
  EXPECT_THAT(
      reading.lines(),
      ElementsAre("f:4: m.https://H/.surplus: unknown key", "f:5: m.x: expected a map, got '3'",
                  "f:6: m.y: expected a map, got nothing",
                  "f:7: m.https://h/: stands twice; the first one is on line 2"));
}

TEST(MapReader, reads_values_of_every_type) {
  Reading reading(
      "t: some text\nf: True\ni: -3\ns: 0.5\nm: 1.5Mi\nc: 100m\nl: [a, b]\nh: {X-Token: abc, "
      "Accept: '*/*'}\n");
  EXPECT_EQ(reading.map.text("t", ""), "some text");
  EXPECT_TRUE(reading.map.flag("f", false));
  EXPECT_EQ(reading.map.integer("i", 0, -5, 5), -3);
  EXPECT_EQ(reading.map.seconds("s", milliseconds(0)), milliseconds(500));
  EXPECT_EQ(reading.map.byte_size("m", 0), 1572864U);
  EXPECT_EQ(reading.map.cpu_millis("c", 0), 100U);
  ASSERT_EQ(reading.map.sequence("l").size(), 2U);
  EXPECT_EQ(reading.map.sequence("l")[1]->scalar, "b");
  EXPECT_THAT(reading.map.text_map("h"),
              ElementsAre(Pair("X-Token", "abc"), Pair("Accept", "*/*")));
  reading.map.finish();
  EXPECT_THAT(reading.lines(), IsEmpty());
}

TEST(MapReader, names_an_unknown_key_and_what_was_meant) {
  Reading reading("signal:\n  signalNmae: SIGHUP\n  zzzzzzzzzz: 1\n");
  auto signal = reading.map.map("signal");
  EXPECT_EQ(signal.text("signalName", ""), "");
  signal.finish();
  reading.map.finish();
  EXPECT_THAT(reading.lines(),
              ElementsAre("f:2: signal.signalNmae: unknown key; did you mean signalName?",
                          "f:3: signal.zzzzzzzzzz: unknown key"));
}

TEST(MapReader, names_keys_that_stand_twice_also_in_another_case) {
  Reading reading("a: 1\nb: 2\nA: 3\nb: 4\n");
  EXPECT_EQ(reading.map.text("a", ""), "1");
  EXPECT_EQ(reading.map.text("b", ""), "2");
  reading.map.finish();
  EXPECT_THAT(reading.lines(), ElementsAre("f:3: A: stands twice; the first one is on line 1",
                                           "f:4: b: stands twice; the first one is on line 2"));
}

TEST(MapReader, names_wrong_types_and_gives_the_default) {
  Reading reading("i: {a: 1}\nt: [1]\nf: maybe\nm: word\nl: word\ns: {}\nh: [a]\n");
  EXPECT_EQ(reading.map.integer("i", 7, 0, 9), 7);
  EXPECT_EQ(reading.map.text("t", "x"), "x");
  EXPECT_TRUE(reading.map.flag("f", true));
  auto nested = reading.map.map("m");
  EXPECT_THAT(reading.map.sequence("l"), IsEmpty());
  EXPECT_EQ(reading.map.seconds("s", milliseconds(1)), milliseconds(1));
  EXPECT_THAT(reading.map.text_map("h"), IsEmpty());
  reading.map.finish();
  EXPECT_THAT(
      reading.lines(),
      ElementsAre("f:1: i: expected a number, got a map", "f:2: t: expected text, got a list",
                  "f:3: f: expected true or false, got 'maybe'",
                  "f:4: m: expected a map, got 'word'", "f:5: l: expected a list, got 'word'",
                  "f:6: s: expected a number, got a map",
                  "f:7: h: expected a map of names and texts, got a list"));
}

TEST(MapReader, does_not_follow_up_on_a_map_of_the_wrong_type) {
  Reading reading("signal: SIGHUP\n");
  auto signal = reading.map.map("signal");
  EXPECT_EQ(signal.required_text("processName"), "");
  EXPECT_EQ(signal.map("deeper").required_text("x"), "");
  signal.mistake("processName", "whatever");
  signal.finish();
  EXPECT_THAT(reading.lines(), ElementsAre("f:1: signal: expected a map, got 'SIGHUP'"));
}

TEST(MapReader, holds_numbers_to_their_limits) {
  for (const auto* text : {"11", "-1", "abc", "1.5", "1 2", "99999999999999999999", "''"}) {
    Reading reading("n: " + std::string(text) + "\n");
    EXPECT_EQ(reading.map.integer("n", 5, 0, 10), 5) << text;
    ASSERT_EQ(reading.lines().size(), 1U) << text;
    EXPECT_TRUE(
        reading.lines()[0].starts_with("f:1: n: expected a whole number from 0 to 10, got '"))
        << reading.lines()[0];
  }
}

TEST(MapReader, takes_whole_and_broken_seconds) {
  Reading reading("a: 30\nb: 0.5\nc: 0\nd: 0.0001\n");
  EXPECT_EQ(reading.map.seconds("a", milliseconds(0)), milliseconds(30'000));
  EXPECT_EQ(reading.map.seconds("b", milliseconds(0)), milliseconds(500));
  EXPECT_EQ(reading.map.seconds("c", milliseconds(9)), milliseconds(0));
  EXPECT_EQ(reading.map.seconds("d", milliseconds(9)), milliseconds(1));
  EXPECT_THAT(reading.lines(), IsEmpty());
}

TEST(MapReader, takes_seconds_up_to_a_year) {
  const auto year = limits::documented("seconds that a key can have");
  Reading reading("a: " + std::to_string(year) + "\nb: " + std::to_string(year + 1) + "\n");
  EXPECT_EQ(reading.map.seconds("a", milliseconds(0)), std::chrono::seconds(year));
  EXPECT_EQ(reading.map.seconds("b", milliseconds(7)), milliseconds(7));
  EXPECT_EQ(reading.lines().size(), 1U);
}

TEST(MapReader, refuses_seconds_that_are_no_time) {
  for (const auto* text : {"-1", "nan", "inf", "1e300", "30s", "''"}) {
    Reading reading("n: " + std::string(text) + "\n");
    EXPECT_EQ(reading.map.seconds("n", milliseconds(7)), milliseconds(7)) << text;
    EXPECT_EQ(reading.lines().size(), 1U) << text;
  }
}

TEST(MapReader, names_a_bad_quantity) {
  Reading reading("cpu: 100x\nmemory: lots\n");
  EXPECT_EQ(reading.map.cpu_millis("cpu", 1), 1U);
  EXPECT_EQ(reading.map.byte_size("memory", 2), 2U);
  ASSERT_EQ(reading.lines().size(), 2U);
  EXPECT_TRUE(reading.lines()[0].starts_with("f:1: cpu: '100x' is not a quantity"))
      << reading.lines()[0];
  EXPECT_TRUE(reading.lines()[1].starts_with("f:2: memory: 'lots' is not a quantity"))
      << reading.lines()[1];
}

TEST(MapReader, takes_a_word_in_any_case_and_names_the_one_that_was_meant) {
  static constexpr Word<int> kWords[]{{10, "signal"}, {11, "request"}, {12, "none"}};
  Reading reading("a: SIGNAL\nb: requets\nc: [x]\n");
  EXPECT_EQ(reading.map.choice("a", 12, kWords), 10);
  EXPECT_EQ(reading.map.choice("b", 12, kWords), 12);
  EXPECT_EQ(reading.map.choice("c", 11, kWords), 11);
  EXPECT_EQ(reading.map.choice("d", 11, kWords), 11);
  EXPECT_THAT(
      reading.lines(),
      ElementsAre("f:2: b: expected signal, request or none, got 'requets'; did you mean request?",
                  "f:3: c: expected one word of signal, request or none, got a list"));
}

TEST(MapReader, names_a_missing_and_an_empty_required_text) {
  Reading reading("x: 1\nsignal:\n  signalName: ''\n");
  auto signal = reading.map.map("signal");
  EXPECT_EQ(signal.required_text("processName"), "");
  EXPECT_EQ(signal.required_text("signalName"), "");
  EXPECT_EQ(reading.map.map("absent").required_text("name"), "");
  EXPECT_THAT(reading.lines(),
              ElementsAre("f:1: absent.name: is missing", "f:2: signal.processName: is missing",
                          "f:3: signal.signalName: must not be empty"));
}

TEST(MapReader, takes_null_as_a_map_without_keys) {
  Mistakes mistakes("f");
  Node node;
  node.line = 4;
  MapReader map(node, "plugins[0].config", mistakes);
  EXPECT_EQ(map.text("a", "x"), "x");
  EXPECT_EQ(map.required_text("b"), "");
  map.finish();
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(to_string(mistakes.list()[0]), "f:4: plugins[0].config.b: is missing");
}

TEST(MapReader, refuses_to_read_a_list_as_a_map) {
  Reading reading("- a\n");
  EXPECT_EQ(reading.map.required_text("b"), "");
  reading.map.finish();
  ASSERT_EQ(reading.lines().size(), 1U);
  EXPECT_TRUE(reading.lines()[0].ends_with("expected a map, got a list"));
}

TEST(MapReader, names_headers_that_are_no_text_or_stand_twice) {
  Reading reading("h:\n  A: 1\n  a: 2\n  B: [x]\n");
  EXPECT_THAT(reading.map.text_map("h"), ElementsAre(Pair("A", "1")));
  EXPECT_THAT(reading.lines(), ElementsAre("f:3: h.a: stands twice; the first one is on line 2",
                                           "f:4: h.B: expected text, got a list"));
}

TEST(MapReader, knows_the_line_of_a_key_and_of_its_map) {
  Reading reading("# c\na: 1\nb:\n  c: 2\n");
  EXPECT_EQ(reading.map.line("a"), 2);
  EXPECT_EQ(reading.map.line("absent"), 2);
  EXPECT_EQ(reading.map.map("b").line("c"), 4);
  EXPECT_EQ(reading.map.map("b").line("absent"), 3);
}

TEST(MapReader, hands_out_a_subtree_with_the_line_of_its_key) {
  Reading reading("a: 1\nconfig:\n  x: 1\n");
  const auto config = reading.map.subtree("config");
  EXPECT_EQ(config.kind, Node::Kind::kMap);
  EXPECT_EQ(config.line, 2);
  EXPECT_EQ(reading.map.subtree("absent").kind, Node::Kind::kNull);
}

TEST(Mistakes, are_listed_by_line_and_stay_on_one_line_each) {
  Mistakes mistakes("config.yaml");
  EXPECT_TRUE(mistakes.empty());
  mistakes.add(9, "b", "two\nlines");
  mistakes.add(2, "a\tb", "first");
  mistakes.add(2, "", "second");
  EXPECT_FALSE(mistakes.empty());
  const auto list = mistakes.list();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(to_string(list[0]), "config.yaml:2: a b: first");
  EXPECT_EQ(to_string(list[1]), "config.yaml:2: second");
  EXPECT_EQ(to_string(list[2]), "config.yaml:9: b: two lines");
}

TEST(Mistakes, stay_readable_when_the_file_holds_something_huge) {
  Mistakes mistakes("config.yaml");
  mistakes.add(1, std::string(100'000, 'k'), std::string(100'000, 'v'));
  EXPECT_LT(to_string(mistakes.list().at(0)).size(), 900U);
}

}  // namespace
}  // namespace okg::config
