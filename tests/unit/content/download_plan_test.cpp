// The table of download_plan.hpp, row by row.
#include "content/download_plan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "limits/documented.hpp"

namespace okg::content {
namespace {

using http::Headers;

http::ResponseHead head(int status, Headers headers = {},
                        http::BodyEnd end = http::BodyEnd::kLength) {
  return {status, std::move(headers), "http://h/file?signature=1", end};
}

std::string header(const DownloadPlan& plan, std::string_view name) {
  const auto headers = plan.headers();
  const auto* value = http::find_header(headers, name);
  return value == nullptr ? "" : *value;
}

const Headers kTen{{"Content-Length", "10"}, {"ETag", "\"a\""}};

/// 4 of 10 bytes of version "a" have come, and the transfer broke.
DownloadPlan cut(Headers headers = kTen) {
  DownloadPlan plan({}, false);
  EXPECT_EQ(plan.judge(head(200, std::move(headers))).action, Action::kTakeWhole);
  EXPECT_TRUE(plan.took(4));
  plan.note_failure();
  return plan;
}

http::ResponseHead part(const std::string& range, Headers headers = {{"ETag", "\"a\""}}) {
  headers.push_back({"Content-Range", range});
  return head(206, std::move(headers));
}

void expect_start_over(DownloadPlan plan, const http::ResponseHead& answer) {
  EXPECT_EQ(plan.judge(answer).action, Action::kAskAgain);
  EXPECT_TRUE(plan.grants_an_attempt());
  EXPECT_EQ(header(plan, "Range"), "");
  EXPECT_EQ(plan.bytes(), 0U);
}

void expect_rest(DownloadPlan plan, const http::ResponseHead& answer) {
  EXPECT_EQ(plan.judge(answer).action, Action::kTakeRest);
  EXPECT_EQ(plan.bytes(), 4U);
}

TEST(DownloadPlan, takes_200_from_its_first_byte) {
  DownloadPlan plan({}, false);
  EXPECT_TRUE(plan.headers().empty());
  EXPECT_EQ(plan.judge(head(200, kTen)).action, Action::kTakeWhole);
  EXPECT_EQ(plan.total(), 10U);
  EXPECT_TRUE(plan.took(10));
  EXPECT_TRUE(plan.check_complete());
}

TEST(DownloadPlan, takes_a_206_that_is_the_whole) {
  DownloadPlan plan({}, false);
  EXPECT_EQ(plan.judge(part("bytes 0-9/10")).action, Action::kTakeWhole);
  EXPECT_EQ(plan.total(), 10U);
}

TEST(DownloadPlan, asks_again_after_a_200_that_says_it_is_a_part) {
  EXPECT_EQ(DownloadPlan({}, false).judge(head(200, {{"Content-Range", "bytes 4-9/10"}})).action,
            Action::kAskAgain);
  EXPECT_EQ(DownloadPlan({}, false).judge(head(200, {{"Content-Range", "bytes 0-9/10"}})).action,
            Action::kTakeWhole);
  expect_start_over(cut(), head(200, {{"Content-Range", "bytes 4-9/10"}, {"ETag", "\"a\""}}));
}

TEST(DownloadPlan, keeps_no_validator_that_is_no_plain_text) {
  DownloadPlan plan({}, false);
  EXPECT_EQ(plan.judge(head(200, {{"ETag", "\"a\x1b\xff\""}})).action, Action::kTakeWhole);
  EXPECT_EQ(plan.validators().etag, "");
}

TEST(DownloadPlan, keeps_validators_as_long_as_documented) {
  const auto most = limits::documented("ETag; Last-Modified");
  for (const auto bytes : {most, most + 1}) {
    const auto text = "\"" + std::string(bytes - 2, 'a') + "\"";
    DownloadPlan plan({}, false);
    EXPECT_EQ(plan.judge(head(200, {{"ETag", text}, {"Last-Modified", text}})).action,
              Action::kTakeWhole);
    EXPECT_EQ(plan.validators().etag, bytes == most ? text : "");
    EXPECT_EQ(plan.validators().last_modified, bytes == most ? text : "");
  }
}

TEST(DownloadPlan, asks_again_after_a_part_that_it_did_not_ask_for) {
  for (const auto* range : {"bytes 0-8/10", "bytes 1-9/10", "bytes 0-9/*", "bytes */10", ""}) {
    DownloadPlan plan({}, false);
    EXPECT_EQ(plan.judge(part(range)).action, Action::kAskAgain) << range;
    EXPECT_FALSE(plan.grants_an_attempt());
  }
}

TEST(DownloadPlan, asks_on_condition_of_the_etag_or_else_of_the_date) {
  EXPECT_EQ(header(DownloadPlan({"\"a\"", "date"}, false), "If-None-Match"), "\"a\"");
  EXPECT_EQ(header(DownloadPlan({"\"a\"", "date"}, false), "If-Modified-Since"), "");
  EXPECT_EQ(header(DownloadPlan({"", "date"}, false), "If-Modified-Since"), "date");
}

TEST(DownloadPlan, keeps_what_is_live_after_a_304_with_our_validator_or_with_none) {
  for (const Headers& headers :
       {Headers{}, Headers{{"ETag", "\"a\""}}, Headers{{"ETag", "W/\"a\""}}}) {
    DownloadPlan plan({"\"a\"", ""}, false);
    EXPECT_EQ(plan.judge(head(304, headers)).action, Action::kKeepLive);
  }
}

TEST(DownloadPlan, drops_its_condition_after_a_304_of_something_else) {
  DownloadPlan plan({"\"a\"", ""}, false);
  EXPECT_EQ(plan.judge(head(304, {{"ETag", "\"b\""}})).action, Action::kAskAgain);
  EXPECT_EQ(header(plan, "If-None-Match"), "");
}

TEST(DownloadPlan, asks_again_after_a_304_without_a_condition) {
  EXPECT_EQ(DownloadPlan({}, false).judge(head(304)).action, Action::kAskAgain);
}

TEST(DownloadPlan, drops_its_condition_once_another_content_began) {
  DownloadPlan plan({"\"old\"", ""}, false);
  EXPECT_EQ(plan.judge(head(200)).action, Action::kTakeWhole);
  EXPECT_EQ(header(plan, "If-None-Match"), "");
}

TEST(DownloadPlan, asks_past_caches_from_the_first_failure_on) {
  DownloadPlan plan({}, false);
  EXPECT_EQ(header(plan, "Cache-Control"), "");
  plan.note_failure();
  EXPECT_EQ(header(plan, "Cache-Control"), "no-cache");
  EXPECT_EQ(header(DownloadPlan({}, true), "Cache-Control"), "no-cache");
}

TEST(DownloadPlan, asks_for_the_rest_on_condition_of_a_strong_etag) {
  const auto plan = cut();
  EXPECT_EQ(header(plan, "Range"), "bytes=4-");
  EXPECT_EQ(header(plan, "If-Range"), "\"a\"");
}

TEST(DownloadPlan, asks_for_the_rest_on_condition_of_a_date_that_is_old_enough) {
  const std::string modified = "Thu, 01 Jan 2026 00:00:00 GMT";
  const auto plan = cut({{"Last-Modified", modified}, {"Date", "Thu, 01 Jan 2026 00:00:02 GMT"}});
  EXPECT_EQ(header(plan, "If-Range"), modified);
  const auto young = cut({{"Last-Modified", modified}, {"Date", "Thu, 01 Jan 2026 00:00:01 GMT"}});
  EXPECT_EQ(header(young, "Range"), "");
}

TEST(DownloadPlan, believes_no_mark_of_a_file_that_was_changed_a_second_before) {
  Headers headers{
      {"ETag", "\"a\""}, {"Last-Modified", "Thu, 01 Jan 2026 00:00:30 GMT"}, {"Date", ""}};
  // The last two: the storage's clock is ahead of the server's.
  for (const auto* date : {"Thu, 01 Jan 2026 00:00:31 GMT", "Thu, 01 Jan 2026 00:00:30 GMT",
                           "Thu, 01 Jan 2026 00:00:29 GMT", "Thu, 01 Jan 2026 00:00:00 GMT"}) {
    headers.back().value = date;
    EXPECT_EQ(header(cut(headers), "Range"), "") << date;
    EXPECT_TRUE(cut(headers).validators().empty()) << date;
  }
  headers.back().value = "Thu, 01 Jan 2026 00:00:32 GMT";
  EXPECT_EQ(header(cut(headers), "If-Range"), "\"a\"");
  EXPECT_FALSE(cut(headers).validators().empty());
}

TEST(DownloadPlan, asks_again_after_a_body_that_is_chunked_twice) {
  DownloadPlan plan({}, false);
  const auto twice = head(200, {{"Transfer-Encoding", "chunked, Chunked"}});
  EXPECT_EQ(plan.judge(twice).action, Action::kAskAgain);
  // As proxies send it that repeat the header of the application.
  const auto repeated =
      head(200, {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}});
  EXPECT_EQ(plan.judge(repeated).action, Action::kTakeWhole);
}

TEST(DownloadPlan, asks_for_the_whole_without_a_strong_validator) {
  EXPECT_EQ(header(cut({{"ETag", "w/\"a\""}}), "Range"), "");
  EXPECT_EQ(header(cut({{"ETag", "\"\""}}), "Range"), "");
  EXPECT_EQ(header(cut({{"Content-Length", "10"}}), "Range"), "");
  EXPECT_EQ(header(cut({{"ETag", "W/\"a\""}}), "Range"), "");
  EXPECT_EQ(header(cut({{"ETag", '"' + std::string(255, 'x') + '"'}}), "Range"), "");
}

TEST(DownloadPlan, asks_for_the_whole_when_all_bytes_came_and_the_transfer_broke_then) {
  auto plan = cut();
  EXPECT_TRUE(plan.took(6));
  EXPECT_EQ(header(plan, "Range"), "");
}

TEST(DownloadPlan, takes_the_rest_of_its_version) {
  expect_rest(cut(), part("bytes 4-9/10"));
  expect_rest(cut(), part("bytes 4-7/10"));
  expect_rest(cut(), part("bytes 4-9/10", {}));
  expect_rest(cut(), part("bytes 4-9/*"));
  expect_rest(cut({{"ETag", "\"a\""}}), part("bytes 4-9/10"));
}

TEST(DownloadPlan, takes_a_200_instead_of_the_rest) {
  auto plan = cut();
  EXPECT_EQ(plan.judge(head(200, {{"ETag", "\"b\""}})).action, Action::kTakeWhole);
  EXPECT_EQ(plan.bytes(), 0U);
  EXPECT_EQ(plan.validators().etag, "\"b\"");
}

TEST(DownloadPlan, starts_over_after_a_part_of_another_version) {
  expect_start_over(cut(), part("bytes 4-9/10", {{"ETag", "\"b\""}}));
  expect_start_over(cut(), part("bytes 4-9/10", {{"ETag", "W/\"a\""}}));
  expect_start_over(cut(), part("bytes 4-9/10", {{"ETag", "\"a\""}, {"Content-Encoding", "gzip"}}));
  expect_start_over(cut(), part("bytes 4-10/11"));
  expect_start_over(cut(), part("bytes 4-9/*", {}));
  expect_start_over(cut({{"ETag", "\"a\""}}), part("bytes 4-9/10", {}));
  expect_start_over(cut({{"ETag", "\"a\""}}), part("bytes 4-9/*"));
}

TEST(DownloadPlan, starts_over_after_a_part_of_another_date) {
  const Headers dated{{"Content-Length", "10"}, {"ETag", "\"a\""}, {"Last-Modified", "x"}};
  expect_start_over(cut(dated), part("bytes 4-9/10", {{"ETag", "\"a\""}, {"Last-Modified", "y"}}));
  expect_rest(cut(dated), part("bytes 4-9/10", {{"ETag", "\"a\""}, {"Last-Modified", "x"}}));
}

TEST(DownloadPlan, starts_over_after_a_part_from_another_url_but_for_its_query) {
  auto other = part("bytes 4-9/10");
  other.url = "http://mirror/file";
  expect_start_over(cut(), other);
  other.url = "http://h/file?signature=2";
  expect_rest(cut(), other);
}

TEST(DownloadPlan, starts_over_after_a_part_that_is_not_what_was_asked_for) {
  for (const auto* range :
       {"bytes 5-9/10", "bytes 3-9/10", "bytes 4-3/10", "bytes 4-10/10", "items 4-9/10",
        "bytes 4-9", "bytes 4-9/", "bytes -9/10", "bytes 4-x/10", "bytes */10", "bytes +4-9/10",
        "bytes 4-18446744073709551616/*"})
    expect_start_over(cut(), part(range));
  expect_start_over(cut(), head(206, {{"ETag", "\"a\""}}));
  expect_start_over(cut(), part("bytes 4-9/10", {{"ETag", "\"a\""}, {"Content-Length", "7"}}));
}

TEST(DownloadPlan, starts_over_after_any_other_status) {
  for (const int status : {203, 204, 302, 304, 400, 403, 404, 412, 416, 429, 500, 501, 503})
    expect_start_over(cut(), head(status));
}

TEST(DownloadPlan, asks_again_after_a_transient_status) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504})
    EXPECT_EQ(DownloadPlan({}, false).judge(head(status)).action, Action::kAskAgain) << status;
}

TEST(DownloadPlan, gives_up_after_any_other_status) {
  for (const int status : {101, 203, 204, 205, 300, 302, 400, 401, 403, 404, 410, 412, 416})
    EXPECT_EQ(DownloadPlan({}, false).judge(head(status)).action, Action::kGiveUp) << status;
}

TEST(DownloadPlan, hears_how_long_to_leave_the_source_alone) {
  const auto after = [](const std::string& text) {
    return DownloadPlan({}, false).judge(head(503, {{"Retry-After", text}})).retry_after.count();
  };
  const auto most =
      static_cast<std::int64_t>(limits::documented("pause that Retry-After asks for"));
  EXPECT_EQ(after("7"), 7'000);
  EXPECT_EQ(after(std::to_string(most)), most * 1000);
  EXPECT_EQ(after(std::to_string(most + 1)), most * 1000);
  EXPECT_EQ(after("3600"), 60'000);
  EXPECT_EQ(after("Thu, 01 Jan 2099 00:00:00 GMT"), 60'000);
  EXPECT_EQ(after("Thu, 01 Jan 2015 00:00:00 GMT"), 0);
  EXPECT_EQ(after("soon"), 0);
}

TEST(DownloadPlan, believes_no_two_lengths) {
  DownloadPlan plan({}, false);
  const Headers two{{"Content-Length", "10"}, {"content-length", "11"}};
  EXPECT_EQ(plan.judge(head(200, two)).action, Action::kAskAgain);
  const Headers same{{"Content-Length", "10"}, {"content-length", "10"}};
  EXPECT_EQ(plan.judge(head(200, same)).action, Action::kTakeWhole);
  expect_start_over(cut(), head(200, two));
  const auto action = [](const std::string& length) {
    return DownloadPlan({}, false).judge(head(200, {{"Content-Length", length}})).action;
  };
  EXPECT_EQ(action("10, 10"), Action::kTakeWhole);
  for (const auto* length : {"10, 11", "x", "", "-1", "10,", "0x10"})
    EXPECT_EQ(action(length), Action::kAskAgain) << length;
}

TEST(DownloadPlan, is_not_complete_with_fewer_bytes_than_announced) {
  const auto missing = cut().check_complete();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(missing.error().message, "ended after 4 of 10 bytes");
}

TEST(DownloadPlan, goes_on_from_a_part_that_was_shorter_than_what_was_missing) {
  auto plan = cut();
  EXPECT_EQ(plan.judge(part("bytes 4-7/10")).action, Action::kTakeRest);
  EXPECT_TRUE(plan.took(4));
  EXPECT_FALSE(plan.check_complete());
  EXPECT_EQ(header(plan, "Range"), "bytes=8-");
}

/// An attempt without an answer.
void fail_without_answer(DownloadPlan& plan, Ranges fruitless = Ranges::kTwo) {
  plan.begin_attempt();
  plan.note_failure(fruitless);
}

TEST(DownloadPlan, asks_for_the_whole_after_two_ranges_that_brought_nothing) {
  auto plan = cut();
  fail_without_answer(plan);
  EXPECT_FALSE(plan.grants_an_attempt());
  fail_without_answer(plan);
  EXPECT_TRUE(plan.grants_an_attempt());
  plan.begin_attempt();
  EXPECT_EQ(header(plan, "Range"), "");
  EXPECT_EQ(plan.bytes(), 4U);
  EXPECT_EQ(plan.judge(head(200, kTen)).action, Action::kTakeWhole);
  EXPECT_EQ(plan.bytes(), 0U);
}

TEST(DownloadPlan, asks_for_the_whole_after_one_where_a_second_is_no_use) {
  auto plan = cut();
  fail_without_answer(plan, Ranges::kOne);
  EXPECT_TRUE(plan.grants_an_attempt());
}

TEST(DownloadPlan, goes_on_with_what_it_kept_when_the_whole_does_not_come_either) {
  auto plan = cut();
  for (int i = 0; i < 3; ++i) fail_without_answer(plan);
  EXPECT_FALSE(plan.grants_an_attempt());
  plan.begin_attempt();
  EXPECT_EQ(header(plan, "Range"), "bytes=4-");
  expect_rest(std::move(plan), part("bytes 4-9/10"));
}

TEST(DownloadPlan, counts_ranges_that_brought_nothing_from_the_start_after_one_that_did) {
  auto plan = cut();
  fail_without_answer(plan);
  plan.begin_attempt();
  EXPECT_EQ(plan.judge(part("bytes 4-9/10")).action, Action::kTakeRest);
  EXPECT_TRUE(plan.took(1));
  plan.note_failure();
  fail_without_answer(plan);
  EXPECT_FALSE(plan.grants_an_attempt());
}

TEST(DownloadPlan, counts_an_answer_whose_head_came_alone_as_nothing) {
  auto plan = cut();
  for (int i = 0; i < 2; ++i) {
    plan.begin_attempt();
    EXPECT_EQ(plan.judge(part("bytes 4-9/10")).action, Action::kTakeRest);
    plan.note_failure();
  }
  EXPECT_TRUE(plan.grants_an_attempt());
}

TEST(DownloadPlan, knows_a_whole_part_from_one_that_broke) {
  auto plan = cut();
  plan.begin_attempt();
  EXPECT_EQ(plan.judge(part("bytes 4-7/10")).action, Action::kTakeRest);
  EXPECT_TRUE(plan.took(3));
  EXPECT_FALSE(plan.has_whole_part());
  EXPECT_TRUE(plan.took(1));
  EXPECT_TRUE(plan.has_whole_part());
}

TEST(DownloadPlan, keeps_nothing_of_an_answer_longer_than_it_said) {
  auto plan = cut();
  EXPECT_EQ(plan.judge(part("bytes 4-7/10")).action, Action::kTakeRest);
  EXPECT_FALSE(plan.took(5));
  EXPECT_EQ(plan.bytes(), 0U);
  EXPECT_TRUE(plan.grants_an_attempt());
}

TEST(DownloadPlan, asks_once_more_for_the_whole_of_what_was_damaged) {
  auto plan = cut();
  EXPECT_EQ(plan.judge(part("bytes 4-9/10")).action, Action::kTakeRest);
  EXPECT_TRUE(plan.took(6));
  EXPECT_TRUE(plan.drop_damaged());
  plan.note_failure();
  EXPECT_EQ(plan.bytes(), 0U);
  EXPECT_EQ(header(plan, "Range"), "");
  EXPECT_EQ(header(plan, "Cache-Control"), "no-cache");
  EXPECT_FALSE(plan.drop_damaged());
}

TEST(DownloadPlan, knows_whether_the_end_was_marked) {
  const auto unmarked = [](http::BodyEnd end, Headers headers) {
    DownloadPlan plan({}, false);
    EXPECT_EQ(plan.judge(head(200, std::move(headers), end)).action, Action::kTakeWhole);
    return plan.has_unmarked_end();
  };
  EXPECT_TRUE(unmarked(http::BodyEnd::kUnmarked, {}));
  EXPECT_FALSE(unmarked(http::BodyEnd::kChunks, {}));
  EXPECT_FALSE(unmarked(http::BodyEnd::kStream, {}));
  EXPECT_FALSE(unmarked(http::BodyEnd::kLength, kTen));
}

}  // namespace
}  // namespace okg::content
