#include "content/signature/blake2b.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/io/unique_fd.hpp"
#include "base/text/bytes.hpp"
#include "temporary_folder.hpp"

namespace okg::content::signature {
namespace {

/// @source RFC 7693, appendix A
constexpr auto kOfAbc =
    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
    "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";

TEST(Blake2b, is_that_of_the_standard) {
  Blake2bStream stream;
  stream.update(as_bytes("a"));
  stream.update(as_bytes("bc"));
  EXPECT_EQ(hex_of(stream.finish()), kOfAbc);
}

TEST(Blake2b, begins_again_once_it_is_finished) {
  Blake2bStream stream;
  stream.update(as_bytes("x"));
  (void)stream.finish();
  stream.update(as_bytes("abc"));
  EXPECT_EQ(hex_of(stream.finish()), kOfAbc);
}

TEST(Blake2b, is_read_back_as_it_was_written) {
  const auto digest = parse_blake2b(kOfAbc).value();
  EXPECT_EQ(hex_of(digest), kOfAbc);
}

TEST(Blake2b, is_128_digits) {
  const std::string hex = kOfAbc;
  for (const auto& text : {std::string(), hex.substr(1), hex + "0", "g" + hex.substr(1)})
    EXPECT_FALSE(parse_blake2b(text)) << text;
}

TEST(Blake2b, is_of_a_whole_file_wherever_it_was_read_to) {
  const tests::TemporaryFolder folder;
  const unique_fd file(::open(folder.write("a", "abc").c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::lseek(file.get(), 2, SEEK_SET), 2);
  EXPECT_EQ(hex_of(blake2b_of(file.get(), "a").value()), kOfAbc);
}

TEST(Blake2b, is_of_files_beyond_one_buffer) {
  const std::string text(300'000, 'x');
  const tests::TemporaryFolder folder;
  const unique_fd file(::open(folder.write("a", text).c_str(), O_RDONLY | O_CLOEXEC));
  Blake2bStream stream;
  stream.update(as_bytes(text));
  EXPECT_EQ(blake2b_of(file.get(), "a").value(), stream.finish());
}

TEST(Blake2b, names_what_cannot_be_read) {
  EXPECT_THAT(blake2b_of(-1, "/x/a").error().message, testing::StartsWith("read /x/a: "));
}

}  // namespace
}  // namespace okg::content::signature
