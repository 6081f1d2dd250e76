#include "plugins/hot_update/settings/content_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/reading.hpp"
#include "content/signature/sample.hpp"

namespace okg::hot_update {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ContentRules rules_of(const std::string& text) {
  config::Reading reading(text);
  auto rules = read_content_rules(reading.map);
  reading.map.finish();
  EXPECT_THAT(reading.lines(), IsEmpty());
  return rules;
}

std::vector<std::string> mistakes_of_rules(const std::string& text) {
  config::Reading reading(text);
  (void)read_content_rules(reading.map);
  return reading.lines();
}

TEST(read_content_rules, asks_for_no_proof_by_default) {
  const auto rules = rules_of("");
  EXPECT_FALSE(rules.require_sha256);
  EXPECT_FALSE(rules.signature.verifies());
}

TEST(read_content_rules, asks_for_a_checksum_where_that_is_set) {
  EXPECT_TRUE(rules_of("requireSha256: true\n").require_sha256);
}

TEST(read_content_rules, takes_key_files_in_their_order) {
  const auto rules = rules_of("signature: {publicKeyFiles: [/keys/b.pub, /keys/a.pub]}\n");
  EXPECT_THAT(rules.signature.public_key_files.value, ElementsAre("/keys/b.pub", "/keys/a.pub"));
}

TEST(read_content_rules, requires_signatures_unless_told_otherwise) {
  EXPECT_TRUE(rules_of("signature: {publicKeyFiles: [/a.pub]}\n").signature.required.value);
  EXPECT_FALSE(rules_of("signature: {publicKeyFiles: [/a.pub], required: false}\n")
                   .signature.required.value);
}

TEST(read_content_rules, takes_the_workload_that_has_to_be_named) {
  EXPECT_EQ(rules_of("signature: {publicKeyFiles: [/a.pub], workload: games/StatefulSet/lobby}\n")
                .signature.workload,
            "games/StatefulSet/lobby");
}

TEST(read_content_rules, names_the_keys_as_operators_write_them) {
  const auto rules = rules_of("");
  EXPECT_EQ(rules.signature.public_key_files.key, "signature.publicKeyFiles");
  EXPECT_EQ(rules.signature.required.key, "signature.required");
}

TEST(read_content_rules, refuses_a_signature_without_a_key_file) {
  const auto missing = ElementsAre(HasSubstr("signature.publicKeyFiles: is missing;"));
  EXPECT_THAT(mistakes_of_rules("signature:\n"), missing);
  EXPECT_THAT(mistakes_of_rules("signature: {}\n"), missing);
  EXPECT_THAT(mistakes_of_rules("signature: {required: true, publicKeyFiles: []}\n"), missing);
}

TEST(read_content_rules, refuses_a_key_file_whose_folder_is_not_said) {
  EXPECT_THAT(mistakes_of_rules("signature: {publicKeyFiles: [/a.pub, b.pub]}\n"),
              ElementsAre("f:1: signature.publicKeyFiles: 'b.pub' is not an absolute path"));
}

TEST(read_content_rules, refuses_a_key_that_it_does_not_know) {
  EXPECT_THAT(mistakes_of_rules("signature:\n  publicKeyFiles: [/a.pub]\n  require: false\n"),
              ElementsAre(HasSubstr("f:3: signature.require: unknown key")));
}

class CheckGivenTest : public testing::Test {
 protected:
  [[nodiscard]] Result<void> check() const { return check_given(rules_, request_); }

  ContentRules rules_;
  api::UpdateRequest request_;
};

TEST_F(CheckGivenTest, passes_a_request_without_proofs_where_none_is_asked_for) {
  EXPECT_TRUE(check());
}

TEST_F(CheckGivenTest, wants_a_checksum_where_that_is_set) {
  rules_.require_sha256 = true;
  EXPECT_EQ(check().error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check().error().reason, Reason::kMissingField);
  request_.sha256 = Sha256{};
  EXPECT_TRUE(check());
}

TEST_F(CheckGivenTest, wants_no_checksum_of_a_rollback) {
  rules_.require_sha256 = true;
  request_.rollback = true;
  EXPECT_TRUE(check());
}

TEST_F(CheckGivenTest, passes_a_signature_that_is_one) {
  request_.signature = content::signature::kSignature;
  EXPECT_TRUE(check());
}

TEST_F(CheckGivenTest, refuses_a_signature_that_is_none_also_where_nobody_verifies_it) {
  request_.signature = "x";
  EXPECT_EQ(check().error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check().error().reason, Reason::kSignatureInvalid);
  EXPECT_THAT(check().error().message, testing::StartsWith("field signature: "));
}

TEST_F(CheckGivenTest, refuses_the_signature_of_a_rollback_too) {
  request_.rollback = true;
  request_.signature = "x";
  EXPECT_FALSE(check());
}

}  // namespace
}  // namespace okg::hot_update
