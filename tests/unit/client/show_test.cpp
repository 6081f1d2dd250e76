#include "client/show.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okg::client {
namespace {

using api::UpdateState;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(TextOfDuration, has_the_two_greatest_units) {
  EXPECT_EQ(text_of(seconds(0)), "0 s");
  EXPECT_EQ(text_of(seconds(59)), "59 s");
  EXPECT_EQ(text_of(seconds(60)), "1 min 0 s");
  EXPECT_EQ(text_of(seconds(3599)), "59 min 59 s");
  EXPECT_EQ(text_of(seconds(3600)), "1 h 0 min");
  EXPECT_EQ(text_of(seconds(90061)), "25 h 1 min");
}

api::UpdateView fetching(const api::Progress& progress) {
  api::UpdateView view;
  view.state = UpdateState::kInProgress;
  view.open.id = "id-1";
  view.open.version = "v2";
  view.open.path = "maps/1.json";
  view.open.stage = "fetch";
  view.progress = progress;
  return view;
}

TEST(ProgressOf, is_the_stage_alone_before_anything_has_moved) {
  EXPECT_EQ(progress_of(fetching({})), "fetch");
}

TEST(ProgressOf, has_all_that_is_known) {
  EXPECT_EQ(progress_of(fetching({.bytes_done = std::uint64_t{250} << 20U,
                                  .bytes_total = std::uint64_t{500} << 20U,
                                  .files_done = 3,
                                  .files_total = 7,
                                  .bytes_per_second = std::uint64_t{60} << 20U,
                                  .eta = milliseconds(3100),
                                  .attempt = 2})),
            "fetch: 250 MiB of 500 MiB (50 %), 3 of 7 files, 60 MiB/s, 4 s left, attempt 2");
}

TEST(ProgressOf, leaves_out_what_is_not_known) {
  EXPECT_EQ(progress_of(fetching({.bytes_done = 5, .files_total = {}, .attempt = 1})),
            "fetch: 5 B");
  EXPECT_EQ(progress_of(fetching({.bytes_done = 5, .files_done = 1, .files_total = {}})),
            "fetch: 5 B, 1 file");
}

TEST(ProgressOf, is_never_beyond_the_whole) {
  EXPECT_THAT(progress_of(fetching({.bytes_done = 7, .bytes_total = 5})), HasSubstr("(100 %)"));
  EXPECT_THAT(progress_of(fetching({.bytes_done = 7, .bytes_total = 0})), HasSubstr("(0 %)"));
}

TEST(ProgressOf, says_where_an_update_waits) {
  auto view = fetching({});
  view.state = UpdateState::kQueued;
  view.position = 3;
  EXPECT_EQ(progress_of(view), "queued: number 3 of those that wait");
}

TEST(StepOf, changes_with_state_stage_and_position_alone) {
  auto view = fetching({.bytes_done = 1});
  const auto step = step_of(view);
  view.progress.bytes_done = 2;
  EXPECT_EQ(step_of(view), step);
  view.open.stage = "verify";
  EXPECT_NE(step_of(view), step);
}

api::UpdateAnswer succeeded() {
  api::UpdateAnswer answer;
  answer.id = "id-1";
  answer.version = "v2";
  answer.path = "maps/1.json";
  answer.result = api::UpdateResult::kSucceeded;
  answer.bytes = 3;
  answer.duration = milliseconds(7);
  return answer;
}

TEST(ResultOf, is_one_line) {
  EXPECT_EQ(result_of(succeeded()), "Succeeded: v2 of maps/1.json, 3 B in 7 ms (id id-1)\n");
}

TEST(ResultOf, counts_the_files_of_a_folder) {
  auto answer = succeeded();
  answer.files = 2;
  EXPECT_THAT(result_of(answer), HasSubstr("maps/1.json, 2 files, 3 B in"));
  answer.files = 1;
  EXPECT_THAT(result_of(answer), HasSubstr("maps/1.json, 1 file, 3 B in"));
}

TEST(ResultOf, says_why_it_failed) {
  auto answer = succeeded();
  answer.result = api::UpdateResult::kFailed;
  answer.bytes = 0;
  answer.reason = "SourceNotFound";
  answer.message = "404";
  EXPECT_EQ(result_of(answer),
            "Failed: v2 of maps/1.json in 7 ms: SourceNotFound: 404 (id id-1)\n");
}

TEST(ResultOf, has_a_line_for_each_warning) {
  auto answer = succeeded();
  answer.warnings = {{"StoredAsPage", "a"}, {"SignalIgnored", "b"}};
  EXPECT_THAT(result_of(answer),
              EndsWith(")\nwarning: StoredAsPage: a\nwarning: SignalIgnored: b\n"));
}

TEST(ResultOf, names_what_it_knows_of_the_subject) {
  auto answer = succeeded();
  answer.version = "";
  EXPECT_THAT(result_of(answer), HasSubstr("Succeeded: maps/1.json,"));
  answer.path = "";
  EXPECT_THAT(result_of(answer), HasSubstr("Succeeded: what was live before,"));
  answer.version = "v2";
  EXPECT_THAT(result_of(answer), HasSubstr("Succeeded: v2,"));
}

TEST(ResultOf, moves_no_cursor) {
  auto answer = succeeded();
  answer.version = answer.path = answer.message = answer.reason = answer.id = "\x1b[2J";
  answer.warnings = {{"\x1b[2J", "\x1b[2J"}};
  EXPECT_THAT(result_of(answer), Not(HasSubstr("\x1b")));
}

TEST(TextOfView, moves_no_cursor) {
  auto view = fetching({});
  view.open.id = view.open.version = view.open.path = view.open.stage = "\x1b[2J";
  EXPECT_THAT(text_of(view), Not(HasSubstr("\x1b")));
}

TEST(TextOfStatus, moves_no_cursor) {
  api::Status status;
  status.in_progress = fetching({}).open;
  status.in_progress->id = status.in_progress->stage = "\x1b[2J";
  status.missing = {{"\x1b[2J", "\x1b[2J", "\x1b[2J"}};
  status.record_error = status.record_reason = "\x1b[2J";
  status.warnings = {{"\x1b[2J", "\x1b[2J"}};
  EXPECT_THAT(text_of(status), Not(HasSubstr("\x1b")));
}

TEST(TextOfView, is_the_result_when_it_has_ended) {
  api::UpdateView view;
  view.state = UpdateState::kEnded;
  view.ended.answer = succeeded();
  EXPECT_EQ(text_of(view), result_of(succeeded()));
}

TEST(TextOfView, is_its_progress_before) {
  EXPECT_EQ(text_of(fetching({})), "v2 of maps/1.json: fetch (id id-1)\n");
}

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

api::EndedUpdate ended(const std::string& id) {
  api::EndedUpdate ended;
  ended.answer = succeeded();
  ended.answer.id = id;
  ended.finished_at = at("2026-11-27T06:00:01.5Z");
  return ended;
}

TEST(TextOfStatus, says_that_nothing_is_there) {
  EXPECT_EQ(text_of(api::Status()), "not ready\n\nlive: nothing that an update brought\n");
}

TEST(TextOfStatus, shows_what_is_live_and_kept) {
  api::Status status;
  status.ready = true;
  status.live["a"] = {.version = "v2", .bytes = 3, .requested_at = at("2026-11-27T06:00:00.9Z")};
  status.kept["a"] = {"v1", "original"};
  EXPECT_EQ(text_of(status),
            "ready\n\n"
            "LIVE  VERSION  SIZE  SCOPE     SINCE                 KEPT\n"
            "a     v2       3 B   workload  2026-11-27T06:00:00Z  v1,original\n");
}

TEST(TextOfStatus, has_a_dash_where_nothing_is_kept) {
  api::Status status;
  status.live["a"] = {.version = "v2"};
  EXPECT_THAT(text_of(status), EndsWith("Z  -\n"));
}

TEST(TextOfStatus, shows_what_is_in_progress_and_queued) {
  api::Status status;
  status.in_progress = {.id = "id-1", .version = "v2", .path = "a", .stage = "fetch"};
  status.progress = {.bytes_done = 5, .files_total = {}};
  status.queued = {{.id = "id-2", .path = "a", .rollback = true}};
  EXPECT_THAT(text_of(status), EndsWith("in progress: v2 of a, id id-1, stage fetch: 5 B\n"
                                        "queued: a (rollback), id id-2\n"));
}

TEST(TextOfStatus, shows_the_last_five_results) {
  api::Status status;
  for (const auto* id : {"1", "2", "3", "4", "5", "6"}) status.results.push_back(ended(id));
  EXPECT_THAT(text_of(status), EndsWith("ID\n"
                                        "Succeeded  v2       maps/1.json  2026-11-27T06:00:01Z  "
                                        "7 ms  2\n"
                                        "Succeeded  v2       maps/1.json  2026-11-27T06:00:01Z  "
                                        "7 ms  3\n"
                                        "Succeeded  v2       maps/1.json  2026-11-27T06:00:01Z  "
                                        "7 ms  4\n"
                                        "Succeeded  v2       maps/1.json  2026-11-27T06:00:01Z  "
                                        "7 ms  5\n"
                                        "Succeeded  v2       maps/1.json  2026-11-27T06:00:01Z  "
                                        "7 ms  6\n"));
}

TEST(TextOfStatus, shows_the_reason_of_a_result) {
  api::Status status;
  status.results = {ended("1")};
  status.results[0].answer.reason = "SourceNotFound";
  EXPECT_THAT(text_of(status), HasSubstr("Succeeded (SourceNotFound)  v2"));
}

TEST(TextOfStatus, says_what_troubles_there_are) {
  api::Status status;
  status.missing = {{"a", "404", "SourceNotFound"}, {"b", "", "Restoring"}};
  status.to_be_reverted = {"c"};
  status.record_error = "away";
  status.record_reason = "ApiUnreachable";
  status.warnings = {{"W", "words"}};
  EXPECT_THAT(text_of(status), testing::StartsWith("not ready\n"
                                                   "missing: a: SourceNotFound: 404\n"
                                                   "missing: b: Restoring\n"
                                                   "to be reverted to its old content: c\n"
                                                   "not recorded: ApiUnreachable: away\n"
                                                   "warning: W: words\n"));
}

}  // namespace
}  // namespace okg::client
