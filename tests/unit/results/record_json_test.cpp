#include "results/record_json.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace okg::results {
namespace {

constexpr const char* kHex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

Entry entry(const std::string& version, int seconds, Scope scope = Scope::kWorkload) {
  return {version, "https://cdn.example.com/" + version + "/index.html", *Sha256::parse(kHex),
          scope, Timestamp(std::chrono::seconds(seconds) + std::chrono::microseconds(5))};
}

LastResult last_result() {
  return {"v2",
          "Succeeded",
          "put live",
          "https://cdn.example.com/v2/index.html",
          "index.html",
          kHex,
          Timestamp(std::chrono::seconds(9))};
}

Result<Entries> latest_of(std::string_view text) {
  Ignored ignored;
  return parse_latest(text, ignored);
}

TEST(pod_entry, is_read_as_it_was_written) {
  const PodEntry written{
      last_result(),
      "games/StatefulSet/game",
      {{"index.html", entry("v2", 9)}, {"maps/1 ~/ü.json", entry("m1", 7, Scope::kPod)}}};
  const auto read = parse_pod_entry(format_pod_entry(written));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->files, written.files);
  EXPECT_EQ(read->workload, written.workload);
  EXPECT_EQ(read->last.version, "v2");
  EXPECT_EQ(read->last.result, "Succeeded");
  EXPECT_EQ(read->last.message, "put live");
  EXPECT_EQ(read->last.url, written.last.url);
  EXPECT_EQ(read->last.path, "index.html");
  EXPECT_EQ(read->last.sha256, kHex);
  EXPECT_EQ(read->last.updated_at, written.last.updated_at);
}

TEST(pod_entry, ignores_what_it_does_not_know_and_drops_unreadable_files) {
  const auto read = parse_pod_entry(R"({"version": "v1", "future": [1], "files": {
    "good": {"version": "v1", "url": "https://h/a", "scope": "pod", "requestedAt": "2026-11-23T08:15:30Z", "future": {}},
    "no hash is fine": {"version": "v1", "url": "https://h/a", "requestedAt": "2026-11-23T08:15:30Z"},
    "bad time": {"version": "v1", "url": "https://h/a", "requestedAt": "yesterday"},
    "bad hash": {"version": "v1", "url": "https://h/a", "sha256": "12", "requestedAt": "2026-11-23T08:15:30Z"},
    "bad scope": {"version": "v1", "url": "https://h/a", "scope": "world", "requestedAt": "2026-11-23T08:15:30Z"},
    "no url": {"version": "v1", "requestedAt": "2026-11-23T08:15:30Z"},
    "no object": 7}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->files.size(), 2U);
  EXPECT_EQ(read->files.at("good").scope, Scope::kPod);
  EXPECT_FALSE(read->files.at("no hash is fine").sha256);
  EXPECT_EQ(read->ignored.size(), 5U);
  EXPECT_EQ(read->ignored.at("no url").message, "version or url is missing");
  EXPECT_EQ(read->ignored.at("no url").reason, Reason::kRecordUnreadable);
}

TEST(pod_entry, is_an_error_when_it_is_no_json_object) {
  for (const char* text : {"", "{", "[]", "\"x\"", "null", "hot_update: {v1: u}"})
    EXPECT_FALSE(parse_pod_entry(text)) << text;
}

TEST(pod_entry, can_be_written_whatever_bytes_a_message_has) {
  LastResult last = last_result();
  last.message = "404 \xff\xfe not found";
  EXPECT_TRUE(parse_pod_entry(format_pod_entry({last, {}, {}})));
  EXPECT_FALSE(format_annotation(last).empty());
}

TEST(annotation, has_exactly_the_members_that_operators_read_the_ones_they_look_for_first) {
  EXPECT_EQ(
      format_annotation(last_result()),
      std::string(
          R"({"version":"v2","result":"Succeeded","message":"put live","url":"https://cdn.example.com/v2/index.html",)") +
          R"("sha256":")" + kHex + R"(","updatedAt":"1970-01-01T00:00:09.000000Z"})");
}

TEST(advance_latest, begins_from_nothing) {
  for (const char* current : {"", "{}", "{broken", "[]"}) {
    const auto next = advance_latest(current, {{"index.html", entry("v1", 1)}});
    ASSERT_TRUE(next) << current;
    EXPECT_EQ(*latest_of(*next), (Entries{{"index.html", entry("v1", 1)}})) << current;
  }
}

TEST(advance_latest, moves_forward_in_request_time_whatever_the_version) {
  const auto current = *advance_latest("", {{"index.html", entry("v9", 10)}});
  const auto next = advance_latest(current, {{"index.html", entry("v1", 11)}});
  ASSERT_TRUE(next);
  EXPECT_EQ(latest_of(*next)->at("index.html").version, "v1");
}

TEST(advance_latest, never_moves_back_nor_twice) {
  const auto current = *advance_latest("", {{"index.html", entry("v2", 10)}});
  EXPECT_FALSE(advance_latest(current, {{"index.html", entry("v3", 9)}}));
  EXPECT_FALSE(advance_latest(current, {{"index.html", entry("v2", 10)}}));
  EXPECT_FALSE(advance_latest(current, {}));
}

TEST(advance_latest, takes_the_same_content_asked_for_within_seconds_as_one_rollout) {
  const auto current = *advance_latest("", {{"a", entry("v2", 10)}});
  EXPECT_FALSE(advance_latest(current, {{"a", entry("v2", 19)}}));
  EXPECT_TRUE(advance_latest(current, {{"a", entry("v2", 20)}}));
  EXPECT_TRUE(advance_latest(current, {{"a", entry("v3", 11)}}));
}

TEST(advance_latest, takes_out_what_a_folder_replaces) {
  const auto current = *advance_latest("", {{"maps/1.json", entry("file", 10)},
                                            {"maps/2.json", entry("later", 30)},
                                            {"mapsets", entry("other", 10)}});
  const auto files = *latest_of(*advance_latest(current, {{"maps", entry("folder", 20)}}));
  EXPECT_FALSE(files.contains("maps/1.json"));
  EXPECT_EQ(files.size(), 3U);
}

TEST(advance_latest, does_not_bring_back_what_a_folder_replaced) {
  const auto current = *advance_latest("", {{"maps", entry("folder", 20)}});
  EXPECT_FALSE(advance_latest(current, {{"maps/1.json", entry("file", 10)}}));
  EXPECT_TRUE(advance_latest(current, {{"maps/1.json", entry("file", 30)}}));
}

TEST(parse_latest, takes_the_content_that_pods_come_with_which_has_no_address) {
  const auto text =
      *advance_latest("", {{"a", {"original", "", std::nullopt, Scope::kWorkload, Timestamp{}}}});
  EXPECT_EQ(latest_of(text)->at("a").version, "original");
}

TEST(advance_latest, leaves_other_paths_as_they_are) {
  const auto next =
      advance_latest(R"({"other": {"from": "the future"}, "index.html": "unreadable"})",
                     {{"index.html", entry("v1", 1)}});
  ASSERT_TRUE(next);
  EXPECT_NE(next->find(R"("other":{"from":"the future"})"), std::string::npos);
  EXPECT_EQ(latest_of(*next)->at("index.html").version, "v1");
}

TEST(advance_latest, takes_each_path_by_its_own_time) {
  const auto current = *advance_latest("", {{"a", entry("a1", 10)}, {"b", entry("b1", 10)}});
  const auto next = advance_latest(
      current, {{"a", entry("a0", 5)}, {"b", entry("b2", 15)}, {"c", entry("c1", 1)}});
  ASSERT_TRUE(next);
  const auto files = *latest_of(*next);
  EXPECT_EQ(files.at("a").version, "a1");
  EXPECT_EQ(files.at("b").version, "b2");
  EXPECT_EQ(files.at("c").version, "c1");
}

TEST(FormatPodEntry, masks_secrets_but_where_a_restore_reads_them) {
  PodEntry entry;
  entry.last.url = "https://u:hunter2@h/a?k=hunter2";
  entry.last.message = "GET " + entry.last.url + ": 404";
  EXPECT_EQ(format_annotation(entry.last).find("hunter2"), std::string::npos);
  EXPECT_EQ(format_pod_entry(entry).find("hunter2"), std::string::npos);
  entry.files["a"].version = "v1";
  entry.files["a"].url = entry.last.url;
  EXPECT_EQ(parse_pod_entry(format_pod_entry(entry))->files["a"].url, entry.last.url);
}

Entry entry_at(std::int64_t seconds) {
  Entry entry;
  entry.version = "v1";
  entry.url = "https://h/a";
  entry.requested_at = Timestamp(std::chrono::seconds(seconds));
  return entry;
}

std::string latest_of_year_9999() {
  return R"({"a":{"version":"v9","url":"https://h/a","requestedAt":"9999-12-31T23:59:59Z"}})";
}

TEST(ParseLatest, leaves_out_what_was_asked_for_in_the_future) {
  Ignored ignored;
  EXPECT_TRUE(parse_latest(latest_of_year_9999(), ignored)->empty());
  EXPECT_NE(ignored.at("a").message.find("is in the future"), std::string::npos);
}

TEST(ParseLatest, takes_a_clock_that_is_a_little_ahead) {
  auto entry = entry_at(0);
  entry.requested_at = now() + std::chrono::minutes(4);
  EXPECT_EQ(latest_of(advance_latest("", {{"a", entry}}).value())->size(), 1U);
}

TEST(AdvanceLatest, replaces_what_was_asked_for_in_the_future) {
  const auto next = advance_latest(latest_of_year_9999(), {{"a", entry_at(1)}});
  ASSERT_TRUE(next);
  EXPECT_EQ(latest_of(*next)->at("a").version, "v1");
}

TEST(AdvanceLatest, is_not_moved_by_what_was_asked_for_in_the_future) {
  auto entry = entry_at(0);
  entry.requested_at = now() + std::chrono::minutes(6);
  EXPECT_FALSE(advance_latest("", {{"a", entry}}));
}

TEST(ForgetLatest, does_not_carry_a_time_of_the_future_on) {
  const auto at = Timestamp(std::chrono::seconds(10));
  const auto forgotten = forget_latest(latest_of_year_9999(), "a", at).text;
  EXPECT_TRUE(advance_latest(forgotten, {{"a", entry_at(11)}}));
}

TEST(AdvanceLatest, is_not_held_back_by_what_was_forgotten_in_the_future) {
  const auto forgotten = R"({"a":{"forgotten":true,"requestedAt":"9999-12-31T23:59:59Z"}})";
  EXPECT_TRUE(advance_latest(forgotten, {{"a", entry_at(11)}}));
}

std::string nested(std::size_t depth) {
  return R"({"version":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

TEST(PodEntry, nests_a_few_levels_only) {
  EXPECT_TRUE(parse_pod_entry(nested(kMaxJsonDepth - 1)));
  EXPECT_FALSE(parse_pod_entry(nested(kMaxJsonDepth)));
  EXPECT_FALSE(parse_pod_entry(nested(1'000'000)));
  EXPECT_FALSE(parse_pod_entry(R"({"recorded":)" + std::string(1'000'000, '[')));
}

TEST(PodEntry, has_an_end) {
  EXPECT_FALSE(parse_pod_entry(R"({"version":")" + std::string(kMaxEntryBytes, 'x') + R"("})"));
}

TEST(ForgetLatest, takes_one_path_or_all_out) {
  const auto latest = advance_latest("", {{"a", entry_at(1)}, {"b", entry_at(2)}}).value();
  const auto at = Timestamp(std::chrono::seconds(10));
  const auto one = forget_latest(latest, "a", at);
  EXPECT_EQ(one.paths, std::set<std::string>{"a"});
  EXPECT_EQ(latest_of(one.text)->size(), 1U);
  EXPECT_TRUE(latest_of(one.text)->contains("b"));
  const auto all = forget_latest(latest, std::nullopt, at);
  EXPECT_EQ(all.paths, (std::set<std::string>{"a", "b"}));
  EXPECT_TRUE(latest_of(all.text)->empty());
  EXPECT_TRUE(forget_latest(all.text, std::nullopt, at).paths.empty());
  EXPECT_TRUE(forget_latest(latest, "c", at).paths.empty());
  EXPECT_TRUE(forget_latest("", std::nullopt, at).paths.empty());
}

TEST(ForgetLatest, holds_against_pods_that_still_run_it) {
  const auto latest = advance_latest("", {{"a", entry_at(5)}}).value();
  const auto forgotten = forget_latest(latest, "a", Timestamp(std::chrono::seconds(10))).text;
  EXPECT_FALSE(advance_latest(forgotten, {{"a", entry_at(5)}}));
  EXPECT_FALSE(advance_latest(forgotten, {{"a", entry_at(10)}}));
  EXPECT_TRUE(advance_latest(forgotten, {{"a", entry_at(11)}})) << "what is asked for later counts";
}

TEST(ForgetLatest, forgets_what_a_clock_that_is_ahead_asked_for) {
  const auto latest = advance_latest("", {{"a", entry_at(100)}}).value();
  const auto forgotten = forget_latest(latest, "a", Timestamp(std::chrono::seconds(10))).text;
  EXPECT_FALSE(advance_latest(forgotten, {{"a", entry_at(100)}}));
}

}  // namespace
}  // namespace okg::results
