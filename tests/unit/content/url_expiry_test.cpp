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

constexpr auto kNoon = "2026-01-31T12:00:00";

TEST(UrlExpiry, reads_each_form_of_the_table) {
  for (const auto* query : {
           "hdnts=exp=1769860800~acl=/*~hmac=ab",
           "hdnea=st=1769857200~exp=1769860800~acl=%2f*~hmac=ab",
           "__token__=exp%3D1769860800%7Ehmac%3Dab",
           "authorization=bce-auth-v1/ak/2026-01-31T11:00:00Z/3600/host/ab",
           "authorization=bce-auth-v1%2Fak%2F2026-01-31T11%3A00%3A00Z%2F3600%2F%2Fab",
           "X-Bce-Date=20260131T110000Z&X-Bce-Expires=3600",
           "x-bce-date=2026-01-31T11:00:00Z&x-bce-expires=3600",
           "auth_key=1769860800-0-0-abc",
           "sign=1769860800-r-0-abc",
           "sign=abc&t=1769860800",
           "sign=abc&t=697deec0",
           "txSecret=a&txTime=697DEEC0",
           "wsSecret=a&wsTime=1769860800",
           "st=a&e=1769860800",
           "ex=697deec0&is=697c9f40&hm=ab",
           "expires_at=1769860800",
           "expires_at=2026-01-31T12:00:00Z",
           "exp=1769860800",
           "expiry=1769860800",
           "expire=1769860800",
           // {"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1769860800}}}]}
           "Policy=eyJTdGF0ZW1lbnQiOlt7IkNvbmRpdGlvbiI6eyJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6"
           "MTc2OTg2MDgwMH19fV19&Signature=a&Key-Pair-Id=k",
           // {"exp":1769860800}
           "token=eyJhbGciOiJub25lIn0.eyJleHAiOjE3Njk4NjA4MDB9.x",
           "jwt=eyJhbGciOiJub25lIn0.eyJleHAiOjE3Njk4NjA4MDB9.",
       })
    EXPECT_EQ(expiry(query), kNoon) << query;
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
  for (const auto* query : {"",
                            "v=3",
                            "expires=3600",
                            "Expires=never",
                            "Expires=1769860800000",
                            "e=1769860800",
                            "se=2026-01-31",
                            "X-Amz-Date=20260131T120000Z",
                            "X-Amz-Expires=60",
                            "X-Amz-Date=20269931T120000Z&X-Amz-Expires=60",
                            "X-Amz-Date=20260131T120000Z&X-Amz-Expires=-1",
                            "X-Amz-Date=20260131T120000Z&X-Tos-Expires=60",
                            "q-sign-time=1769860800",
                            "a=%zz",
                            "t=1769860800",
                            "txTime=697deec0",
                            "wsTime=1769860800",
                            "ex=697deec0",
                            "st=1769860800",
                            "hdnts=exp=1769860800~acl=/*",
                            "hdnts=st=1769860800~hmac=ab",
                            "auth_key=1769860800",
                            "auth_key=abc-0-0-x",
                            "authorization=Bearer",
                            "authorization=bce-auth-v1/ak/x/3600//ab",
                            "Policy=eyJTdGF0ZW1lbnQiOlt7fV19&Key-Pair-Id=k",
                            "Policy=%5B&Key-Pair-Id=k",
                            "token=eyJhbGciOiJub25lIn0.e30.x",
                            "token=eyJ.!.x",
                            "token=a.b.c",
                            "verify=1769860800-abc",
                            "sign=abc",
                            "exp=2"})
    EXPECT_EQ(expiry(query), "none") << query;
  EXPECT_FALSE(url_expiry("https://h/file#?Expires=1769860800"));
  EXPECT_FALSE(url_expiry("https://h/Expires=1769860800"));
}

}  // namespace
}  // namespace okg::content
