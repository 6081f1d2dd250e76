#include "source/source_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace okg::source {
namespace {

using testing::HasSubstr;
using testing::Not;

class HeadersFor : public testing::Test {
 protected:
  Result<http::Headers> read(const std::string& text, const std::string& url = "https://cdn/a") {
    files_.value = {{UrlPrefix::parse("https://cdn/").value(), folder_.write("headers", text)}};
    return headers_for(files_, http::Url::parse(url).value());
  }
  std::string words_of(const std::string& text) {
    const auto headers = read(text);
    if (headers) return "";
    EXPECT_EQ(headers.error().reason, Reason::kSourceUnauthorized);
    return headers.error().message;
  }
  tests::TemporaryFolder folder_;
  Setting<std::vector<HeaderFile>> files_{{}, "source.headers"};
};

TEST_F(HeadersFor, are_the_lines_of_the_file) {
  const auto headers = read("Authorization: Bearer a:b\r\n\n X-Key:\tk \n").value();
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers[0].name, "Authorization");
  EXPECT_EQ(headers[0].value, "Bearer a:b");
  EXPECT_EQ(headers[1].name, "X-Key");
  EXPECT_EQ(headers[1].value, "k");
}

TEST_F(HeadersFor, are_none_for_other_urls) {
  for (const auto* url : {"http://cdn/a", "https://cdn.evil/a", "https://cdn:8443/a"})
    EXPECT_TRUE(read("no header", url)->empty()) << url;
}

TEST_F(HeadersFor, are_those_of_the_first_file_that_holds_the_url) {
  const auto at = [&](const char* prefix, const char* name) {
    return HeaderFile{UrlPrefix::parse(prefix).value(),
                      folder_.write(name, std::string("K: ") + name)};
  };
  files_.value = {at("https://cdn/maps/", "a"), at("https://cdn/", "b")};
  const auto value_for = [&](const char* url) {
    return headers_for(files_, http::Url::parse(url).value())->at(0).value;
  };
  EXPECT_EQ(value_for("https://cdn/maps/1"), "a");
  EXPECT_EQ(value_for("https://cdn/1"), "b");
}

TEST_F(HeadersFor, name_the_setting_and_the_file_that_has_none) {
  EXPECT_EQ(words_of("\n \n"),
            "source.headers: " + (folder_.path() / "headers").string() + " has no header");
}

TEST_F(HeadersFor, refuse_what_is_no_header_and_repeat_none_of_it) {
  for (const auto* line : {"hunter2", ": hunter2", "A B: hunter2", "A:", "A: hunter2\x7f",
                           "A: hunter2 \xc3\xbc", "A\x01: hunter2"}) {
    EXPECT_THAT(words_of(line), HasSubstr("has a line that is no header for a source")) << line;
    EXPECT_THAT(words_of(line), Not(HasSubstr("hunter2"))) << line;
  }
}

TEST_F(HeadersFor, leave_to_the_sidecar_what_it_says_itself) {
  for (const auto* line : {"Host: h", "range: bytes=0-1", "If-None-Match: a", "Content-Length: 1",
                           "Transfer-Encoding: chunked"})
    EXPECT_NE(words_of(line), "") << line;
}

}  // namespace
}  // namespace okg::source
