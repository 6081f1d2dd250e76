#include "content/archive/decoder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <stop_token>

#include "base/io/unique_fd.hpp"
#include "base/text/bytes.hpp"
#include "content/archive/limits.hpp"
#include "packed.hpp"
#include "temporary_folder.hpp"

namespace okg::content {
namespace {

using testing::HasSubstr;

/// More than a decoder reads or gives at once, and nothing that packs to next to nothing.
std::string noise(std::size_t bytes = 140'000) {
  std::string text(bytes, '\0');
  std::ranges::generate(
      text, [x = 1U]() mutable { return static_cast<char>((x = x * 69069 + 1) >> 24U); });
  return text;
}

/// A frame whose window has 2^`log` bytes. @source RFC 8878, 3.1.1
std::string zstd_with_window(unsigned log) {
  return std::string("\x28\xb5\x2f\xfd\0", 5) + static_cast<char>((log - 10) << 3U) +
         std::string("\x01\0\0", 3);  // one empty block, the last
}

class DecoderTest : public testing::Test {
 protected:
  /// What is in a file with `text`; the error as its message, after "! ".
  std::string decoded(const std::string& text) {
    const unique_fd file(::open(folder_.write("packed", text).c_str(), O_RDONLY | O_CLOEXEC));
    const auto decoder = Decoder::open(file.get(), stop_.get_token());
    std::string content;
    for (;;) {
      const auto bytes = (*decoder)->next();
      bytes_read_ = (*decoder)->bytes_read();
      if (!bytes) code_ = bytes.error().code;
      if (!bytes) return "! " + bytes.error().message;
      if (bytes->empty()) return content;
      content += as_text(*bytes);
    }
  }

  tests::TemporaryFolder folder_;
  std::stop_source stop_;
  std::uint64_t bytes_read_ = 0;
  std::optional<ErrorCode> code_;
};

Packing packing_of(const std::string& head) { return content::packing_of(as_bytes(head)); }

TEST_F(DecoderTest, tells_how_a_file_is_packed_by_how_it_begins) {
  EXPECT_EQ(packing_of(gzip("x")), Packing::kGzip);
  EXPECT_EQ(packing_of(zstd("x")), Packing::kZstd);
  EXPECT_EQ(packing_of(xz("x")), Packing::kXz);
  EXPECT_EQ(packing_of("hello"), Packing::kNone);
}

TEST_F(DecoderTest, takes_a_skippable_frame_for_zstd) {
  EXPECT_EQ(packing_of("\x50\x2a\x4d\x18"), Packing::kZstd);
  EXPECT_EQ(packing_of("\x5f\x2a\x4d\x18"), Packing::kZstd);
  EXPECT_EQ(packing_of("\x60\x2a\x4d\x18"), Packing::kNone);
}

TEST_F(DecoderTest, takes_less_than_a_whole_beginning_for_plain) {
  for (const auto& whole : {gzip("x"), zstd("x"), xz("x")})
    EXPECT_EQ(packing_of(whole.substr(0, 1)), Packing::kNone);
  EXPECT_EQ(packing_of(""), Packing::kNone);
}

TEST_F(DecoderTest, gives_what_was_packed) {
  const auto text = noise();
  for (const auto& file : {text, gzip(text), zstd(text), xz(text)}) EXPECT_EQ(decoded(file), text);
}

TEST_F(DecoderTest, gives_nothing_of_nothing) {
  for (const auto& file : {std::string(), gzip(""), zstd(""), xz("")}) EXPECT_EQ(decoded(file), "");
}

TEST_F(DecoderTest, takes_streams_in_a_row_for_one) {
  EXPECT_EQ(decoded(gzip("a") + gzip("") + gzip("b")), "ab");
  EXPECT_EQ(decoded(zstd("a") + zstd("") + zstd("b")), "ab");
  EXPECT_EQ(decoded(xz("a") + xz("") + xz("b")), "ab");
}

TEST_F(DecoderTest, skips_the_frames_of_zstd_that_say_so) {
  EXPECT_EQ(decoded("\x53\x2a\x4d\x18" + little(3, 4) + "any" + zstd("a")), "a");
}

TEST_F(DecoderTest, takes_any_number_of_zeros_behind_gzip) {
  EXPECT_EQ(decoded(gzip("a") + std::string(1, '\0')), "a");
  EXPECT_EQ(decoded(gzip("a") + std::string(200'000, '\0')), "a");
}

TEST_F(DecoderTest, takes_zeros_between_and_behind_xz_four_at_a_time) {
  EXPECT_EQ(decoded(xz("a") + std::string(4, '\0') + xz("b") + std::string(8, '\0')), "ab");
  EXPECT_THAT(decoded(xz("a") + std::string(3, '\0')), HasSubstr("trailing garbage"));
  EXPECT_THAT(decoded(xz("a") + std::string(5, '\0') + xz("b")), HasSubstr("trailing garbage"));
}

TEST_F(DecoderTest, takes_no_zeros_behind_zstd) {
  EXPECT_THAT(decoded(zstd("a") + std::string(4, '\0')), HasSubstr("trailing garbage"));
}

TEST_F(DecoderTest, refuses_anything_else_behind_a_stream) {
  for (const auto& file : {gzip("a"), zstd("a"), xz("a")}) {
    EXPECT_THAT(decoded(file + "x"), HasSubstr("trailing garbage"));
    EXPECT_EQ(code_, ErrorCode::kRefused);
  }
}

TEST_F(DecoderTest, refuses_what_is_cut_short) {
  for (const auto& file : {gzip("text"), zstd("text"), xz("text")})
    for (std::size_t length = 8; length < file.size(); ++length)
      EXPECT_THAT(decoded(file.substr(0, length)), HasSubstr("cut short")) << length;
}

TEST_F(DecoderTest, refuses_content_that_is_not_what_its_checksum_says) {
  for (auto file : {gzip(noise(1000)), xz(noise(1000))}) {
    file.at(file.size() / 2) ^= 1;
    EXPECT_THAT(decoded(file), HasSubstr("the archive is damaged"));
    EXPECT_EQ(code_, ErrorCode::kRefused);
  }
}

TEST_F(DecoderTest, takes_a_window_that_fits_into_its_memory) {
  EXPECT_EQ(decoded(zstd_with_window(26)), "");
  EXPECT_THAT(decoded(zstd_with_window(27)), HasSubstr("more memory than the 72 MiB"));
  EXPECT_EQ(code_, ErrorCode::kRefused);
}

TEST_F(DecoderTest, says_how_much_of_the_file_it_has_read) {
  const auto file = zstd(noise());
  decoded(file);
  EXPECT_EQ(bytes_read_, file.size());
}

TEST_F(DecoderTest, ends_when_it_is_asked_to_stop) {
  stop_.request_stop();
  for (const auto& file : {std::string("a"), gzip("a")}) {
    decoded(file);
    EXPECT_EQ(code_, ErrorCode::kStopping);
  }
}

}  // namespace
}  // namespace okg::content
