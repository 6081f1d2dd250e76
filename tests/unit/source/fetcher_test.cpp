// Redirects with a scripted client: where it is sent, and what reaches the sink.
#include "source/fetcher.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace okg::source {
namespace {

using Script = std::function<Result<http::ResponseHead>(http::ResponseSink&)>;

Script answer(int status, http::Headers headers, const std::string& body,
              std::optional<Error> end = std::nullopt) {
  return [=](http::ResponseSink& sink) -> Result<http::ResponseHead> {
    const http::ResponseHead head{status, headers, "", http::BodyEnd::kLength};
    if (auto ok = sink.begin(head); !ok) return ok.error();
    if (auto ok = sink.write(std::as_bytes(std::span(body))); !ok) return ok.error();
    if (end) return *end;
    return head;
  };
}

Script moved(const std::string& to) { return answer(302, {{"Location", to}}, "moved"); }
const auto kWhole = answer(200, {}, "whole");

struct Memory : http::ResponseSink {
  std::string seen;
  Result<void> begin(const http::ResponseHead& head) override {
    seen += std::to_string(head.status) + ":";
    return {};
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    seen.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
};

class Fetch : public ::testing::Test {
 protected:
  /// What came, or the error's message.
  std::string run(const std::string& url, std::vector<Script> scripts, int max_redirects = 5) {
    std::size_t next = 0;
    const Policy policy(settings_);
    const Fetcher fetcher(
        [&](const http::ClientRequest& request, http::ResponseSink& sink, const std::stop_token&) {
          urls_.push_back(request.url);
          reason_of_ = request.reason_of;
          times_.push_back(request.total_timeout.count());
          return scripts.at(next++)(sink);
        },
        policy, {max_redirects, "maxRedirects"});
    Memory memory;
    http::ClientRequest request;
    request.url = url;
    request.total_timeout = std::chrono::seconds(60);
    auto head = fetcher.fetch(request, memory, stop_.get_token());
    if (!head) reason_ = head.error().reason;
    return head ? memory.seen : "error: " + head.error().message;
  }

  SourceSettings settings_;
  std::stop_source stop_;
  std::vector<std::string> urls_;
  std::vector<std::int64_t> times_;
  Reason reason_ = Reason::kNone;
  Reason (*reason_of_)(http::TransferFault) = nullptr;
};

TEST_F(Fetch, gives_faults_of_the_transfer_the_reasons_of_a_source) {
  run("http://h/", {kWhole});
  ASSERT_NE(reason_of_, nullptr);
  EXPECT_EQ(reason_of_(http::TransferFault::kUnreachable), Reason::kSourceUnreachable);
  EXPECT_EQ(reason_of_(http::TransferFault::kTimeout), Reason::kSourceTimeout);
  EXPECT_EQ(reason_of_(http::TransferFault::kTls), Reason::kSourceTls);
  EXPECT_EQ(reason_of_(http::TransferFault::kIncomplete), Reason::kSourceIncomplete);
  EXPECT_EQ(reason_of_(http::TransferFault::kRefusedCertificate), Reason::kSourceUnauthorized);
  EXPECT_EQ(reason_of_(http::TransferFault::kRefusedAddress), Reason::kSourceNotAllowed);
  EXPECT_EQ(reason_of_(http::TransferFault::kOther), Reason::kSourceError);
}

TEST_F(Fetch, sends_the_url_as_it_was_checked) {
  EXPECT_EQ(run("HTTP://0x7f.1:80/a/../b#c", {kWhole}), "200:whole");
  EXPECT_EQ(urls_, std::vector<std::string>{"http://127.0.0.1:80/b"});
}

TEST_F(Fetch, sends_nothing_where_it_may_not) {
  settings_.allowed_addresses.key = "allowedAddresses";
  EXPECT_NE(run("http://169.254.169.254/", {}).find("allowedAddresses"), std::string::npos);
  settings_.require_https = {true, "requireHttps"};
  EXPECT_NE(run("http://h/", {}).find("requireHttps"), std::string::npos);
  EXPECT_TRUE(urls_.empty());
}

TEST_F(Fetch, follows_redirects_and_takes_the_last_answer) {
  EXPECT_EQ(run("http://u:p@h/a/b", {moved("c d"), moved("http://other/e"), kWhole}), "200:whole");
  EXPECT_EQ(urls_, (std::vector<std::string>{"http://u:p@h/a/b", "http://u:p@h/a/c%20d",
                                             "http://other/e"}));
  EXPECT_GE(times_[0], times_[2]);
  EXPECT_GT(times_[2], 0);
}

TEST_F(Fetch, follows_as_many_redirects_as_it_may) {
  EXPECT_EQ(run("http://h/", {moved("/1"), moved("/2"), kWhole}, 2), "200:whole");
  EXPECT_NE(run("http://h/", {moved("/1"), moved("/2"), moved("/3")}, 2).find("redirects"),
            std::string::npos);
  EXPECT_EQ(reason_, Reason::kSourceError);
  EXPECT_EQ(run("http://h/", {moved("/1")}, 0), "302:moved") << "it is an answer then";
}

TEST_F(Fetch, a_user_does_not_come_back_with_a_redirect_to_the_first_origin) {
  EXPECT_EQ(run("http://u:p@h/a", {moved("http://other/"), moved("http://h/b"), kWhole}),
            "200:whole");
  EXPECT_EQ(urls_.back(), "http://h/b");
}

TEST_F(Fetch, follows_as_often_as_it_may) {
  EXPECT_EQ(run("http://h/a", {moved("/b"), moved("/c"), kWhole}, 2), "200:whole");
  EXPECT_NE(run("http://h/a", {moved("/b"), moved("/c"), moved("/d")}, 2).find("maxRedirects (2)"),
            std::string::npos);
  EXPECT_EQ(run("http://h/a", {moved("/b")}, 0), "302:moved");
}

TEST_F(Fetch, each_hop_is_asked_for) {
  settings_.allowed_sources.key = "allowedSources";
  settings_.allowed_sources.value.push_back(*UrlPrefix::parse("http://h/a/"));
  settings_.allowed_sources.value.push_back(*UrlPrefix::parse("https://s/"));
  for (const auto* to :
       {"http://other/a/b", "/b", "//other/", "http://h:81/a/", "a/%2e%2e/%2e%2e/"}) {
    EXPECT_NE(run("http://h/a/", {moved(to)}).find("allowedSources"), std::string::npos) << to;
    EXPECT_EQ(reason_, Reason::kSourceNotAllowed);
  }
  EXPECT_EQ(run("http://h/a/", {moved("https://s/x"), kWhole}), "200:whole");
}

TEST_F(Fetch, https_never_leads_to_http_and_nothing_to_another_scheme) {
  EXPECT_NE(run("https://h/", {moved("http://h/")}).find("https never redirects to http"),
            std::string::npos);
  EXPECT_NE(run("http://h/", {moved("file:///etc/passwd")}).find("only http and https"),
            std::string::npos);
  EXPECT_EQ(reason_, Reason::kSourceError);
}

TEST_F(Fetch, what_is_no_redirect_is_an_answer) {
  EXPECT_EQ(run("http://h/", {answer(304, {{"Location", "/b"}}, "")}), "304:");
  EXPECT_EQ(run("http://h/", {answer(302, {}, "x")}), "302:x");
  EXPECT_EQ(run("http://h/", {answer(302, {{"Location", ""}}, "x")}), "302:x");
  EXPECT_EQ(run("http://h/", {answer(200, {{"Location", "/b"}}, "x")}), "200:x");
}

TEST_F(Fetch, the_body_of_a_redirect_matters_to_nobody) {
  const auto cut = fail(ErrorCode::kUnavailable, "cut");
  EXPECT_EQ(run("http://h/", {answer(302, {{"Location", "/b"}}, "x", cut), kWhole}), "200:whole");
  EXPECT_EQ(run("http://h/", {answer(302, {{"Location", "/b"}}, std::string(70'000, 'x')), kWhole}),
            "200:whole");
}

TEST_F(Fetch, a_stop_ends_a_chain) {
  const auto stopped = [&](http::ResponseSink& sink) -> Result<http::ResponseHead> {
    stop_.request_stop();
    (void)moved("/b")(sink);
    return fail(ErrorCode::kStopping, "stopped");
  };
  EXPECT_EQ(run("http://h/", {stopped}), "error: stopped");
}

TEST(Policy, kept_content_is_of_an_allowed_source) {
  SourceSettings settings;
  EXPECT_TRUE(Policy(settings).check_kept("http://h/").has_value());
  settings.allowed_sources.value.push_back(*UrlPrefix::parse("https://h"));
  EXPECT_TRUE(Policy(settings).check_kept("https://h/a").has_value());
  EXPECT_FALSE(Policy(settings).check_kept("http://h/a").has_value());
}

}  // namespace
}  // namespace okg::source
