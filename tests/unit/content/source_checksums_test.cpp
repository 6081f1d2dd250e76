#include "content/source_checksums.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/text/bytes.hpp"

namespace okg::content {
namespace {

// Of "123456789", the check value of catalogues of CRCs, among others.
constexpr auto kDigits = "123456789";
constexpr auto kMd5 = "JfnnlDI7RTiF9RgfG2JNCw==";
constexpr auto kSha256 = "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=";
constexpr auto kSha512 =
    "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==";
constexpr auto kCrc64 = "11051210869376104954";  // 0x995dc9bbdf1939fa

std::string value(const std::string& header, const std::string& text, http::Headers more = {}) {
  more.push_back({header, text});
  std::string values;
  for (const auto& each : checksums_of(more, AnswerHas::kWhole).readable)
    values += each.value + " ";
  if (!checksums_of(more, AnswerHas::kWhole).unreadable.empty()) values += "unreadable ";
  return values.substr(0, values.size() - (values.empty() ? 0 : 1));
}

TEST(SourceChecksums, reads_each_header_in_any_case) {
  EXPECT_EQ(value("content-md5", kMd5), kMd5);
  EXPECT_EQ(value("X-Ms-Blob-Content-Md5", kMd5), kMd5);
  EXPECT_EQ(value("x-amz-checksum-sha256", kSha256), kSha256);
  for (const auto* header :
       {"x-oss-hash-crc64ecma", "x-cos-hash-crc64ecma", "X-Tos-Hash-Crc64ecma"})
    EXPECT_EQ(value(header, kCrc64), kCrc64);
}

TEST(SourceChecksums, reads_dictionaries) {
  const std::string text = std::string("sha-512=:") + kSha512 + ":, sha-256=:" + kSha256 +
                           ":;q=1,unixsum=:AAA=:,md5=:" + kMd5 + ":";
  for (const auto* header : {"Repr-Digest", "Content-Digest"})
    EXPECT_EQ(value(header, text), std::string(kSha512) + " " + kSha256 + " " + kMd5);
}

TEST(SourceChecksums, reads_lists) {
  EXPECT_EQ(value("Digest", std::string("SHA=AAAA, SHA-256=") + kSha256 + ",md5=" + kMd5),
            std::string(kSha256) + " " + kMd5);
  EXPECT_EQ(value("x-goog-hash", std::string("crc32c=n03x6A==,md5=") + kMd5), kMd5);
}

TEST(SourceChecksums, names_what_it_cannot_read) {
  for (const auto* text : {"", "?", "25f9e794323b453885f5181f1b624d0b", "JfnnlDI7RTiF9RgfG2JNCw"})
    EXPECT_EQ(value("Content-MD5", text), "unreadable") << text;
  for (const auto* text : {"", "-1", "0x995dc9bbdf1939fa", "18446744073709551616"})
    EXPECT_EQ(value("x-oss-hash-crc64ecma", text), "unreadable") << text;
  EXPECT_EQ(value("Repr-Digest", std::string("md5=") + kMd5), "unreadable");
  EXPECT_EQ(value("Repr-Digest", "md5"), "unreadable");
  EXPECT_EQ(value("Digest", std::string("md5=:") + kMd5 + ":"), "unreadable");
}

TEST(SourceChecksums, passes_over_what_says_nothing_of_the_whole) {
  EXPECT_EQ(value("x-amz-checksum-sha256", std::string(kSha256) + "-3"), "");
  EXPECT_EQ(value("Digest", ""), "");
  EXPECT_EQ(value("Digest", "adler32=03da0195, ,"), "");
  EXPECT_EQ(value("ETag", kMd5), "");
}

TEST(SourceChecksums, takes_from_an_answer_with_a_part_what_is_of_the_whole) {
  const auto of_part = [](const std::string& name, const std::string& value) {
    const auto read = checksums_of({{name, value}}, AnswerHas::kPart);
    EXPECT_TRUE(read.unreadable.empty()) << name;
    return read.readable.size();
  };
  const std::string dictionary = std::string("md5=:") + kMd5 + ":";
  const std::string list = std::string("md5=") + kMd5;
  EXPECT_EQ(of_part("repr-digest", dictionary), 1U);
  EXPECT_EQ(of_part("Digest", list), 1U);
  EXPECT_EQ(of_part("x-goog-hash", list), 1U);
  EXPECT_EQ(of_part("x-ms-blob-content-md5", kMd5), 1U);
  for (const auto* store : {"x-oss-", "x-cos-", "x-tos-"})
    EXPECT_EQ(of_part(std::string(store) + "hash-crc64ecma", kCrc64), 1U) << store;
  EXPECT_EQ(of_part("content-digest", dictionary), 0U);
  EXPECT_EQ(of_part("Content-MD5", kMd5), 0U);
  EXPECT_EQ(of_part("Content-MD5", "unreadable"), 0U);
  EXPECT_EQ(of_part("x-amz-checksum-sha256", kSha256), 0U);
}

TEST(SourceChecksums, knows_that_gcs_unpacks) {
  const std::string hash = std::string("md5=") + kMd5;
  const http::Header stored{"x-goog-stored-content-encoding", "gzip"};
  EXPECT_EQ(value("x-goog-hash", hash, {stored}), "");
  EXPECT_EQ(value("x-goog-hash", hash, {stored, {"Content-Encoding", "gzip"}}), kMd5);
  EXPECT_EQ(value("x-goog-hash", hash, {{stored.name, "identity"}}), kMd5);
}

/// "kind: got" of what differs, once `bytes` came in two pieces.
std::string difference(const http::Header& header, std::string_view bytes) {
  SourceChecksums checksums;
  checksums.restart(checksums_of({header}, AnswerHas::kWhole).readable);
  checksums.update(as_bytes(bytes.substr(0, 4)));
  checksums.update(as_bytes(bytes.substr(4)));
  const auto differs = checksums.difference(sha256_of(bytes));
  return differs ? differs->announced.header + ": " + differs->got : "";
}

TEST(SourceChecksums, names_a_header_once_however_much_of_it_cannot_be_read) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "md5=x,";
  const auto announced = checksums_of(
      {{"Digest", many}, {"digest", "md5=y"}, {"Content-MD5", "x"}, {"Content-MD5", "y"}},
      AnswerHas::kWhole);
  ASSERT_EQ(announced.unreadable.size(), 2U);
  EXPECT_EQ(announced.unreadable.front().name, "Digest");
  EXPECT_EQ(announced.unreadable.back().name, "Content-MD5");
}

TEST(SourceChecksums, computes_what_was_announced) {
  for (const http::Header& header :
       {http::Header{"Content-MD5", kMd5}, http::Header{"x-amz-checksum-sha256", kSha256},
        http::Header{"Repr-Digest", std::string("sha-512=:") + kSha512 + ":"},
        http::Header{"x-cos-hash-crc64ecma", kCrc64}}) {
    EXPECT_EQ(difference(header, kDigits), "") << header.name;
    EXPECT_NE(difference(header, "12345678?"), "") << header.name;
  }
  EXPECT_EQ(difference({"x-oss-hash-crc64ecma", "1"}, kDigits),
            std::string("x-oss-hash-crc64ecma: ") + kCrc64);
}

TEST(SourceChecksums, starts_over_with_each_content) {
  SourceChecksums checksums;
  checksums.restart(
      checksums_of({{"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}}, AnswerHas::kWhole).readable);
  checksums.update(as_bytes("other"));
  checksums.restart(checksums_of({{"Content-MD5", kMd5}}, AnswerHas::kWhole).readable);
  checksums.update(as_bytes(kDigits));
  EXPECT_FALSE(checksums.difference(sha256_of(kDigits)));
  checksums.restart({});
  EXPECT_FALSE(checksums.difference(sha256_of("whatever")));
}

}  // namespace
}  // namespace okg::content
