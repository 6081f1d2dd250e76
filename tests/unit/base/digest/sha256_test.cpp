#include "base/digest/sha256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg {
namespace {

TEST(Sha256, is_that_of_the_bytes_and_reads_either_case) {
  Sha256Stream stream;
  stream.update("ab");
  stream.update("c");
  const auto digest = stream.finish();
  // @source FIPS 180-4, the example "abc"
  EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      Sha256::parse("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD").value(),
      digest);
  EXPECT_FALSE(Sha256::parse("ba78"));
  EXPECT_FALSE(Sha256::parse(std::string(64, 'g')));
}

TEST(Sha256Stream, is_at_its_beginning_again_when_it_has_finished) {
  Sha256Stream stream;
  stream.update("abc");
  EXPECT_EQ(stream.finish(), sha256_of("abc"));
  EXPECT_EQ(stream.finish(), sha256_of(""));
  stream.update("x");
  stream.restart();
  stream.update("abc");
  EXPECT_EQ(stream.finish(), sha256_of("abc"));
}

}  // namespace
}  // namespace okg
