#include "content/signature/public_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/signature/sample.hpp"
#include "temporary_folder.hpp"

namespace okg::content::signature {
namespace {

class ReadKeys : public testing::Test {
 protected:
  [[nodiscard]] static Result<Setting<std::vector<PublicKey>>> read(
      std::vector<std::filesystem::path> files) {
    return read_keys({std::move(files), "signature.publicKeyFiles"});
  }
  tests::TemporaryFolder folder_;
};

TEST_F(ReadKeys, are_all_of_the_files) {
  const auto keys = read({folder_.write("a", std::string(kKey)),
                          folder_.write("b", "untrusted comment: b\n" + std::string(kOtherKey))});
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ(keys->value.size(), 2U);
  EXPECT_EQ(keys->key, "signature.publicKeyFiles");
}

TEST_F(ReadKeys, are_none_without_files) { EXPECT_TRUE(read({})->value.empty()); }

TEST_F(ReadKeys, name_the_setting_of_a_file_that_cannot_be_read) {
  const auto missing = folder_.path() / "no";
  const auto error = read({folder_.write("a", std::string(kKey)), missing}).error();
  EXPECT_THAT(error.message, testing::StartsWith("signature.publicKeyFiles: "));
  EXPECT_THAT(error.message, testing::HasSubstr(missing.string()));
}

TEST_F(ReadKeys, name_the_file_that_has_none) {
  const auto file = folder_.write("a", "hello");
  EXPECT_THAT(read({file}).error().message, testing::StartsWith(file.string() + ": "));
}

}  // namespace
}  // namespace okg::content::signature
