// A download with a scripted client: what is asked for, what is kept, and when it ends.
#include "content/download.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "limits/documented.hpp"
#include "temporary_folder.hpp"

namespace okg::content {
namespace {

namespace fs = std::filesystem;

/// Hands an answer to the sink; says how the transfer ended.
using Script = std::function<Result<http::ResponseHead>(http::ResponseSink&)>;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Script answer(int status, http::Headers headers, std::string body,
              std::optional<Error> end = std::nullopt) {
  return [=](http::ResponseSink& sink) -> Result<http::ResponseHead> {
    const http::ResponseHead head{status, headers, "http://h/file", http::BodyEnd::kLength};
    if (auto ok = sink.begin(head); !ok) return ok.error();
    if (!body.empty())
      if (auto ok = sink.write(bytes_of(body)); !ok) return ok.error();
    if (end) return *end;
    return head;
  };
}

const Error kCut{ErrorCode::kUnavailable, "cut"};
const http::Headers kTenBytes{{"Content-Length", "10"}, {"ETag", "\"a\""}};

class Download : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.min_free_percent.value = 0;
    settings_.first_pause = std::chrono::milliseconds(1);
  }

  /// The content, or "304", or the error's message; `scripts` answer one request each.
  std::string run(std::vector<Script> scripts,
                  const Source& source = {"http://h/file?key=secret123"}) {
    std::size_t next = 0;
    const Send send = [&](const http::ClientRequest& request, http::ResponseSink& sink,
                          const std::stop_token&) {
      requests_.push_back(request);
      return scripts.at(next++)(sink);
    };
    const StagedName staged{files::Folder::open(folder_.path()).value(), "1"};
    auto done = download(send, source, staged, settings_, {});
    if (!done) return done.error().message;
    if (std::holds_alternative<NotModified>(*done)) return "304";
    auto& file = std::get<DownloadedFile>(*done);
    for (const auto& warning : file.warnings) warnings_ += warning.reason;
    std::ifstream stream(folder_.path() / "1");
    std::ostringstream text;
    text << stream.rdbuf();
    EXPECT_EQ(text.str().size(), file.digest.bytes);
    Sha256Stream hash;
    hash.update(bytes_of(text.str()));
    EXPECT_EQ(hash.finish(), file.digest.sha256);
    return text.str();
  }

  tests::TemporaryFolder folder_;
  DownloadSettings settings_;
  std::vector<http::ClientRequest> requests_;
  std::string warnings_;
};

TEST_F(Download, stores_what_came) {
  EXPECT_EQ(run({answer(200, kTenBytes, "0123456789")}), "0123456789");
  EXPECT_EQ(warnings_, "");
}

TEST_F(Download, leaves_nothing_in_staging_when_it_fails) {
  EXPECT_NE(run({answer(404, {}, "")}).find("answered 404; check the URL"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Download, puts_the_rest_to_what_came_before) {
  const auto rest = answer(206, {{"Content-Range", "bytes 4-9/10"}, {"ETag", "\"a\""}}, "456789");
  EXPECT_EQ(run({answer(200, kTenBytes, "0123", kCut), rest}), "0123456789");
  EXPECT_EQ(*http::find_header(requests_.at(1).headers, "Range"), "bytes=4-");
}

TEST_F(Download, never_puts_two_versions_together) {
  const auto other = answer(206, {{"Content-Range", "bytes 4-9/10"}, {"ETag", "\"b\""}}, "XXXXXX");
  EXPECT_EQ(
      run({answer(200, kTenBytes, "0123", kCut), other, answer(200, kTenBytes, "abcdefghij")}),
      "abcdefghij");
}

TEST_F(Download, asks_once_more_for_the_whole_though_no_retry_is_left) {
  settings_.retries = 1;
  EXPECT_EQ(run({answer(200, kTenBytes, "0123", kCut), answer(403, {}, "no ranges"),
                 answer(200, kTenBytes, "abcdefghij")}),
            "abcdefghij");
}

TEST_F(Download, stops_at_the_last_retry_all_the_same) {
  settings_.retries = 1;
  const auto message = run({answer(200, kTenBytes, "0123", kCut), answer(416, {}, ""),
                            answer(200, kTenBytes, "0123", kCut)});
  EXPECT_EQ(message, "cut (attempt 3 of 3)");
}

TEST_F(Download, renews_its_retries_with_each_part_that_comes) {
  settings_.retries = 1;
  std::vector<Script> answers{answer(200, kTenBytes, "0", kCut)};
  for (const std::string at : {"1", "2", "3", "4", "5", "6", "7", "8", "9"})
    answers.push_back(
        answer(206, {{"Content-Range", "bytes " + at + "-" + at + "/10"}, {"ETag", "\"a\""}}, at));
  EXPECT_EQ(run(answers), "0123456789");
}

TEST_F(Download, goes_on_at_once_from_a_part_that_came_whole) {
  log::configure(log::Format::kText, log::Level::kDebug);
  ::testing::internal::CaptureStderr();
  const auto done =
      run({answer(200, kTenBytes, "0123", kCut),
           answer(206, {{"Content-Range", "bytes 4-7/10"}, {"ETag", "\"a\""}}, "4567"),
           answer(206, {{"Content-Range", "bytes 8-9/10"}, {"ETag", "\"a\""}}, "89")});
  const auto said = ::testing::internal::GetCapturedStderr();
  log::configure(log::Format::kText, log::Level::kInfo);
  EXPECT_EQ(done, "0123456789");
  EXPECT_NE(said.find("haveBytes=8 pauseMs=0"), std::string::npos) << said;
}

TEST_F(Download, is_given_up_when_what_comes_is_always_the_same) {
  settings_.retries = 2;
  EXPECT_EQ(run({answer(200, {}, "0123", kCut), answer(200, {}, "0123", kCut),
                 answer(200, {}, "0123", kCut)}),
            "cut (attempt 3 of 3)");
}

TEST_F(Download, is_not_complete_before_all_came_that_was_announced) {
  settings_.retries = 0;
  EXPECT_EQ(run({answer(200, kTenBytes, "01234")}),
            "http://h/file?key=***: ended after 5 of 10 bytes");
}

TEST_F(Download, keeps_what_is_live_after_304) {
  EXPECT_EQ(run({answer(304, {}, "")}, {"http://h/file", {"\"a\"", ""}}), "304");
}

TEST_F(Download, quotes_the_source_without_the_secrets_of_the_url) {
  const auto message = run({answer(403, {}, "<Code>\x1b[2J\n secret123</Code>")});
  EXPECT_EQ(message.find("secret123"), std::string::npos) << message;
  EXPECT_NE(message.find("'<Code> [2J ***</Code>'"), std::string::npos) << message;
}

TEST_F(Download, says_the_status_however_its_words_end) {
  const auto message = run({answer(403, {}, "denied", kCut)});
  EXPECT_NE(message.find("answered 403"), std::string::npos) << message;
  EXPECT_NE(message.find("'denied'"), std::string::npos) << message;
}

TEST_F(Download, takes_nothing_beyond_max_bytes) {
  settings_.max_bytes = {9, "download.maxBytes"};
  EXPECT_NE(run({answer(200, kTenBytes, "")}).find("maxBytes"), std::string::npos);
  EXPECT_NE(run({answer(200, {}, "0123456789")}).find("maxBytes"), std::string::npos);
  settings_.max_bytes.value = 10;
  EXPECT_EQ(run({answer(200, kTenBytes, "0123456789")}), "0123456789");
  EXPECT_EQ(run({answer(200, {}, "0123456789")}), "0123456789");
}

TEST_F(Download, ends_after_as_many_retries_as_it_may) {
  settings_.retries = 2;
  const auto away = answer(503, {}, "");
  EXPECT_EQ(run({away, away, answer(200, kTenBytes, "0123456789")}), "0123456789");
  EXPECT_NE(run({away, away, away}).find("503"), std::string::npos);
  EXPECT_EQ(requests_.size(), 6U);
}

TEST_F(Download, reads_and_quotes_of_an_error_what_is_documented) {
  const auto quoted = limits::documented("printable characters of it that are quoted");
  const std::string most(quoted, 'a');
  EXPECT_NE(run({answer(404, {}, most)}).find("'" + most + "'"), std::string::npos);
  EXPECT_NE(run({answer(404, {}, most + "b")}).find("'" + most + "'"), std::string::npos);
  EXPECT_EQ(requests_.front().error_body_timeout,
            std::chrono::seconds(limits::documented("time for it")));
  const auto read = limits::documented("body of an error that is read");
  EXPECT_NE(run({answer(404, {}, std::string(read - 1, ' ') + "a")}).find("'a'"),
            std::string::npos);
  EXPECT_EQ(run({answer(404, {}, std::string(read, ' ') + "a")}).find("'a'"), std::string::npos);
}

http::Headers with(http::Headers headers, http::Header more) {
  headers.push_back(std::move(more));
  return headers;
}

/// Of "0123456789".
const http::Header kMd5{"Content-MD5", "eB5eJF1ptWaXm4bijSPyxw=="};

TEST_F(Download, compares_what_came_with_the_checksum_that_came_with_it) {
  EXPECT_EQ(run({answer(200, with(kTenBytes, kMd5), "0123456789")}), "0123456789");
  EXPECT_EQ(run({answer(200, with(kTenBytes, kMd5), "012345678X"),
                 answer(200, with(kTenBytes, kMd5), "0123456789")}),
            "0123456789");
  EXPECT_EQ(http::find_header(requests_.back().headers, "Range"), nullptr);
}

TEST_F(Download, gives_up_what_is_damaged_twice) {
  const auto damaged = answer(200, with(kTenBytes, kMd5), "012345678X");
  const auto message = run({damaged, damaged});
  EXPECT_NE(message.find("Content-MD5: expected eB5eJF1ptWaXm4bijSPyxw==, got "),
            std::string::npos);
  EXPECT_NE(message.find("(attempt 2 of 4)"), std::string::npos);
}

TEST_F(Download, compares_a_checksum_also_after_a_cut) {
  const http::Headers rest{{"Content-Range", "bytes 4-9/10"}, {"ETag", "\"a\""}};
  const auto half = answer(200, with(kTenBytes, kMd5), "0123", kCut);
  EXPECT_EQ(run({half, answer(206, with(rest, {"Content-MD5", kMd5.value}), "456789")}),
            "0123456789");
  EXPECT_EQ(run({half, answer(206, rest, "45678X"), answer(200, kTenBytes, "abcdefghij")}),
            "abcdefghij");
}

TEST_F(Download, compares_what_the_answer_with_the_rest_says_of_the_whole) {
  const http::Headers rest{{"Content-Range", "bytes 4-9/10"}, {"ETag", "\"a\""}};
  const auto half = answer(200, kTenBytes, "0123", kCut);
  for (const http::Header& says :
       {http::Header{"Repr-Digest", "md5=:" + kMd5.value + ":"},
        http::Header{"Digest", "SHA-256=hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII="},
        http::Header{"x-oss-hash-crc64ecma", "2838902930144391966"}}) {
    EXPECT_EQ(run({half, answer(206, with(rest, says), "456789")}), "0123456789") << says.name;
    EXPECT_EQ(run({half, answer(206, with(rest, says), "45678X"),
                   answer(200, with(kTenBytes, says), "0123456789")}),
              "0123456789")
        << says.name;
  }
}

TEST_F(Download, compares_what_both_answers_say_of_the_whole) {
  const http::Headers rest{{"Content-Range", "bytes 4-9/10"}, {"ETag", "\"a\""}};
  const http::Header other{"Repr-Digest", "md5=:ndTkYSaMgDT1yFZOFVxnpg==:"};
  const auto half = answer(200, with(kTenBytes, kMd5), "0123", kCut);
  EXPECT_EQ(
      run({half, answer(206, with(rest, {"Repr-Digest", "md5=:" + kMd5.value + ":"}), "456789")}),
      "0123456789");
  EXPECT_EQ(
      run({half, answer(206, with(rest, other), "456789"), answer(200, kTenBytes, "abcdefghij")}),
      "abcdefghij");
}

TEST_F(Download, compares_the_sha256_of_the_request_instead) {
  Source source{"http://h/file"};
  source.sha256 = sha256_of("012345678X");
  EXPECT_EQ(run({answer(200, with(kTenBytes, kMd5), "012345678X")}, source), "012345678X");
}

TEST_F(Download, warns_of_a_coding_that_it_stores) {
  EXPECT_EQ(run({answer(200, {{"Content-Encoding", "gzip"}}, "x")}), "x");
  EXPECT_EQ(warnings_, "ContentEncoded");
}

}  // namespace
}  // namespace okg::content
