#include "bundle/packer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "base/text/bytes.hpp"

namespace okg::bundle {
namespace {

/// What a packer makes of `parts`.
std::string packed(const std::string& name, const std::vector<std::string>& parts) {
  std::string out;
  const Take take = [&](auto bytes) {
    out += as_text(bytes);
    return Result<void>();
  };
  const auto packer = Packer::for_name(name, take).value();
  for (const auto& part : parts) EXPECT_TRUE(packer->write(as_bytes(part)));
  EXPECT_TRUE(packer->finish());
  return out;
}

std::string from_gzip(const std::string& text, std::size_t bytes) {
  std::string out(bytes + 1, '\0');
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  auto from = text;
  stream.next_in = reinterpret_cast<Bytef*>(from.data());
  stream.avail_in = static_cast<uInt>(from.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  ::inflateEnd(&stream);
  return out;
}

std::string from_zstd(const std::string& text, std::size_t bytes) {
  std::string out(bytes + 1, '\0');
  ZSTD_DCtx* context = ::ZSTD_createDCtx();
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  EXPECT_EQ(::ZSTD_decompressStream(context, &to, &in), 0U) << "the frame has not ended";
  ::ZSTD_freeDCtx(context);
  out.resize(to.pos);
  return out;
}

/// Longer than any buffer, and nothing that packs to next to nothing.
std::string much() {
  std::string text(500'000, '\0');
  std::ranges::generate(
      text, [x = 1U]() mutable { return static_cast<char>((x = x * 69069 + 1) >> 24U); });
  return text;
}

TEST(Packer, leaves_a_tar_as_it_is) { EXPECT_EQ(packed("v1.tar", {"a", "", "bc"}), "abc"); }

TEST(Packer, packs_gzip_that_unpacks_to_the_same) {
  const auto text = much();
  EXPECT_EQ(from_gzip(packed("v1.tar.gz", {text, "end"}), text.size() + 3), text + "end");
  EXPECT_EQ(packed("v1.tgz", {text}), packed("v1.tar.gz", {text}));
}

TEST(Packer, packs_zstd_that_unpacks_to_the_same) {
  const auto text = much();
  EXPECT_EQ(from_zstd(packed("v1.tar.zst", {text, "end"}), text.size() + 3), text + "end");
}

TEST(Packer, packs_nothing_as_a_whole_stream) {
  EXPECT_EQ(from_gzip(packed("v1.tar.gz", {}), 0), "");
  EXPECT_EQ(from_zstd(packed("v1.tar.zst", {}), 0), "");
}

TEST(Packer, gives_the_same_bytes_however_they_came) {
  const auto text = much();
  for (const auto* name : {"v1.tar.gz", "v1.tar.zst"})
    EXPECT_EQ(packed(name, {text}), packed(name, {text.substr(0, 7), text.substr(7)})) << name;
}

TEST(Packer, has_no_name_and_no_time_in_gzip) {
  // RFC 1952: flags, then four bytes of time.
  EXPECT_EQ(packed("v1.tar.gz", {"a"}).substr(3, 5), std::string(5, '\0'));
}

TEST(Packer, needs_two_megabytes_to_unpack_zstd) {
  const auto text = packed("v1.tar.zst", {much(), much(), much(), much(), much(), much()});
  // RFC 8878, 3.1.1.1.2: Window_Descriptor, exponent 11 with mantissa 0 is 2^21.
  EXPECT_EQ(static_cast<unsigned char>(text.at(5)), 11U << 3U);
}

TEST(Packer, has_a_checksum_in_zstd) {
  auto text = packed("v1.tar.zst", {"abc"});
  EXPECT_NE(static_cast<unsigned char>(text.at(4)) & 4U, 0U);  // Content_Checksum_flag
}

TEST(Packer, refuses_another_ending) {
  const auto error = Packer::for_name("v1.rar", {}).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_THAT(error.message, testing::StartsWith("v1.rar has to end in .tar.zst"));
}

TEST(Packer, passes_on_what_the_taker_says) {
  const Take full = [](auto) { return Result<void>(fail(ErrorCode::kNoSpace, "full")); };
  for (const auto* name : {"v1.tar", "v1.tar.gz", "v1.tar.zst"}) {
    const auto packer = Packer::for_name(name, full).value();
    const auto written = packer->write(as_bytes(much()));
    EXPECT_EQ(written.error().message, "full") << name;
  }
}

}  // namespace
}  // namespace okg::bundle
