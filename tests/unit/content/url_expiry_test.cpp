#include "content/url_expiry.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg::content {
namespace {

std::string expiry(const std::string& query) {
  const auto time = url_expiry("https://h/file?" + query);
  return time ? format_timestamp(*time).substr(0, 19) : "none";
}

TEST(UrlExpiry, adds_seconds_to_a_date_whatever_the_prefix) {
  for (const std::string prefix : {"X-Amz-", "X-Tos-", "X-Goog-", "x-oss-", "X-Obs-", "x-amz-"})
    EXPECT_EQ(expiry(prefix + "Date=20260131T120000Z&" + prefix + "Expires=3600"),
              "2026-01-31T13:00:00");
}

TEST(UrlExpiry, reads_seconds_since_1970) {
  EXPECT_EQ(expiry("Expires=1769860800&Signature=s"), "2026-01-31T12:00:00");
  EXPECT_EQ(expiry("token=t&expires=1769860800"), "2026-01-31T12:00:00");
  EXPECT_EQ(expiry("e=1769860800&token=t"), "2026-01-31T12:00:00");
}

TEST(UrlExpiry, reads_the_end_of_a_span_encoded_or_not) {
  EXPECT_EQ(expiry("q-sign-time=1769857200;1769860800"), "2026-01-31T12:00:00");
  EXPECT_EQ(expiry("q-sign-time=1769857200%3B1769860800"), "2026-01-31T12:00:00");
}

TEST(UrlExpiry, takes_the_earliest) {
  EXPECT_EQ(expiry("q-sign-time=1;1769860800&q-key-time=1;1769857200"), "2026-01-31T11:00:00");
}

TEST(UrlExpiry, reads_azure_times_of_any_length) {
  EXPECT_EQ(expiry("sig=s&se=2026-01-31T12%3A00%3A00Z"), "2026-01-31T12:00:00");
  EXPECT_EQ(expiry("sig=s&se=2026-01-31T12:00Z"), "2026-01-31T12:00:00");
  EXPECT_EQ(expiry("sig=s&se=2026-01-31"), "2026-01-31T00:00:00");
}

TEST(UrlExpiry, finds_none_where_there_is_none) {
  for (const auto* query :
       {"", "v=3", "expires=3600", "Expires=never", "Expires=1769860800000", "e=1769860800",
        "se=2026-01-31", "X-Amz-Date=20260131T120000Z", "X-Amz-Expires=60",
        "X-Amz-Date=20269931T120000Z&X-Amz-Expires=60",
        "X-Amz-Date=20260131T120000Z&X-Amz-Expires=-1",
        "X-Amz-Date=20260131T120000Z&X-Tos-Expires=60", "q-sign-time=1769860800", "a=%zz"})
    EXPECT_EQ(expiry(query), "none") << query;
  EXPECT_FALSE(url_expiry("https://h/file#?Expires=1769860800"));
  EXPECT_FALSE(url_expiry("https://h/Expires=1769860800"));
}

}  // namespace
}  // namespace okg::content
