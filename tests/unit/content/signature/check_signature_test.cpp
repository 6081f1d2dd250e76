#include "content/signature/check_signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/signature/sample.hpp"
#include "temporary_folder.hpp"

namespace okg::content::signature {
namespace {

using testing::HasSubstr;

class CheckSignature : public testing::Test {
 protected:
  CheckSignature() {
    settings_.public_key_files.value = {folder_.write("key", std::string(kKey))};
    settings_.required.key = "signature.required";
  }
  [[nodiscard]] Result<void> check_it() const {
    return check(settings_, signature_, {path_, version_, blake2b_});
  }
  /// Empty when it may go live.
  [[nodiscard]] std::string words() const {
    const auto done = check_it();
    if (done) return "";
    EXPECT_EQ(done.error().reason, Reason::kSignatureInvalid);
    return done.error().message;
  }

  tests::TemporaryFolder folder_;
  Settings settings_;
  std::string signature_{kSignature};
  std::string path_ = "a";
  std::string version_ = "v1";
  std::string blake2b_ = blake2b_of_text("text");
};

TEST_F(CheckSignature, takes_what_was_signed) { EXPECT_EQ(words(), ""); }

TEST_F(CheckSignature, takes_what_is_stored_of_a_signature) {
  signature_ = compact(signature_).value();
  EXPECT_EQ(words(), "");
}

TEST_F(CheckSignature, refuses_other_content) {
  blake2b_ = blake2b_of_text("Text");
  EXPECT_THAT(words(), testing::StartsWith("the signature of a: "));
  EXPECT_EQ(check_it().error().code, ErrorCode::kRefused);
}

TEST_F(CheckSignature, refuses_content_of_another_path_or_version) {
  path_ = "b";
  EXPECT_THAT(words(), HasSubstr("the signature of b: "));
  path_ = "a";
  version_ = "v2";
  EXPECT_THAT(words(), HasSubstr("the signature of a: "));
}

TEST_F(CheckSignature, refuses_a_signature_without_the_workload_where_one_is_wanted) {
  settings_.workload = "games/StatefulSet/game";
  EXPECT_NE(words(), "");
}

TEST_F(CheckSignature, refuses_content_without_one_where_it_is_required) {
  signature_ = "";
  EXPECT_THAT(words(), HasSubstr("a has no signature, and signature.required is set"));
}

TEST_F(CheckSignature, takes_content_without_one_where_it_is_not) {
  signature_ = "";
  settings_.required.value = false;
  EXPECT_EQ(words(), "");
}

TEST_F(CheckSignature, refuses_a_wrong_one_also_where_none_is_required) {
  settings_.required.value = false;
  signature_ = "hello";
  EXPECT_NE(words(), "");
}

TEST_F(CheckSignature, refuses_what_nobody_has_hashed) {
  blake2b_ = "";
  EXPECT_THAT(words(), HasSubstr("a was live before signatures were verified"));
}

TEST_F(CheckSignature, verifies_nothing_when_a_key_cannot_be_read) {
  settings_.public_key_files.value.push_back(folder_.path() / "no");
  EXPECT_THAT(words(), testing::StartsWith("no signature can be verified: "));
  EXPECT_EQ(check_it().error().code, ErrorCode::kInternal);
}

TEST(Compact, leaves_out_the_untrusted_comment) {
  EXPECT_EQ(compact(kSignature)->find("untrusted"), std::string::npos);
}

TEST(Compact, refuses_what_is_no_signature) {
  EXPECT_EQ(compact("hello").error().code, ErrorCode::kRefused);
}

TEST(UrlOfSignature, is_before_query_and_fragment) {
  EXPECT_EQ(url_of_signature("https://h/a"), "https://h/a.minisig");
  EXPECT_EQ(url_of_signature("https://h/a?b=c#d"), "https://h/a.minisig?b=c#d");
  EXPECT_EQ(url_of_signature("https://h/a#d?e"), "https://h/a.minisig#d?e");
}

}  // namespace
}  // namespace okg::content::signature
