#include "auth/cross_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okg::auth {
namespace {

using http::Access;
using http::Headers;

http::ServerRequest request(Headers headers, const std::string& method = "POST") {
  http::ServerRequest head;
  head.method = method;
  head.authority = http::parse_authority("pod.example:5000").value();
  head.headers = std::move(headers);
  return head;
}

bool refuses(Headers headers, Access access = Access::kUpdate, const std::string& method = "POST") {
  return refuse_cross_site(request(std::move(headers), method), access).has_value();
}

TEST(CrossSite, lets_clients_through_that_are_no_browsers) {
  EXPECT_FALSE(refuses({}));
  EXPECT_FALSE(refuses({{"User-Agent", "curl"}}));
}

TEST(CrossSite, lets_pages_of_its_own_through) {
  EXPECT_FALSE(refuses({{"Origin", "http://pod.example:5000"}, {"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_FALSE(refuses({{"Sec-Fetch-Site", "none"}}));
}

TEST(CrossSite, lets_them_through_whose_tls_a_proxy_has_taken_off) {
  EXPECT_FALSE(refuses({{"Origin", "https://pod.example:5000"}}));
}

TEST(CrossSite, refuses_pages_of_others) {
  for (const auto* origin :
       {"http://evil.example", "http://evil.example:5000", "http://pod.example",
        "http://pod.example:5001", "https://pod.example", "null", "", "file://", "http://",
        "ftp://pod.example:5000", "http://pod.example:5000.evil.example",
        "http://evil.example@pod.example:5000/"})
    EXPECT_TRUE(refuses({{"Origin", origin}})) << origin;
}

TEST(CrossSite, refuses_what_a_browser_says_to_be_of_another_site) {
  for (const auto* site : {"cross-site", "same-site", ""})
    EXPECT_TRUE(refuses({{"Sec-Fetch-Site", site}})) << site;
}

TEST(CrossSite, looks_at_every_line_of_a_header) {
  EXPECT_TRUE(refuses({{"Origin", "http://pod.example:5000"}, {"origin", "http://evil.example"}}));
}

const Headers kLink{{"Sec-Fetch-Site", "cross-site"},
                    {"Sec-Fetch-Mode", "navigate"},
                    {"Sec-Fetch-Dest", "document"}};

TEST(CrossSite, lets_a_link_lead_to_what_is_only_read) {
  EXPECT_FALSE(refuses(kLink, Access::kRead, "GET"));
}

TEST(CrossSite, lets_no_link_change_anything) {
  EXPECT_TRUE(refuses(kLink, Access::kUpdate, "GET"));
  EXPECT_TRUE(refuses(kLink, Access::kRead, "POST"));
}

TEST(CrossSite, lets_no_frame_or_script_read) {
  auto frame = kLink;
  frame[2].value = "iframe";
  EXPECT_TRUE(refuses(frame, Access::kRead, "GET"));
  auto script = kLink;
  script[1].value = "no-cors";
  EXPECT_TRUE(refuses(script, Access::kRead, "GET"));
}

TEST(CrossSite, says_where_a_page_would_have_to_be_of) {
  const auto refused = refuse_cross_site(request({{"Origin", "null"}}), Access::kUpdate);
  EXPECT_EQ(refused->status, 403);
  EXPECT_THAT(std::string(refused->body.view()),
              testing::HasSubstr("from a page of pod.example itself"));
}

}  // namespace
}  // namespace okg::auth
