#include "plugins/hot_update/update/obtain/signatures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

#include "../pod.hpp"
#include "base/length_limits.hpp"
#include "content/archive/packed.hpp"
#include "content/signature/minisign.hpp"
#include "content/signature/sample.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

namespace signature = content::signature;
using testing::HasSubstr;
using testing::StartsWith;

/// The key of the sample is trusted, which signs "text" as version v1 of the path "a".
class SignaturesTest : public PodTest {
 protected:
  void SetUp() override {
    PodTest::SetUp();
    key_file_ = keys_.write("key", std::string(signature::kKey));
    verify();
    fetch_ = parts().download;
    parts().download = [this](const auto& source, const auto& staged, const auto& stop) {
      asked_.push_back(source);
      return fetch_(source, staged, stop);
    };
    request_ = request("v1", "text");
  }
  void verify() { rules().public_key_files.value = {key_file_}; }
  void do_not_verify() { rules().public_key_files.value.clear(); }
  signature::Settings& rules() { return settings_.content.signature; }

  /// Beside the URL of the request.
  void put_at_source(const std::string& text) { source_[request_.url + ".minisig"] = text; }
  void source_fails(const Error& error) {
    fetch_ = [error](const auto&, const auto&, const auto&) { return error; };
  }
  /// Kept content of that version, which came with that signature.
  static KeptContent kept(const std::string& version, const std::string& with) {
    KeptContent kept{"a", "1", LiveContent{}};
    kept.was->entry.version = version;
    kept.was->entry.signature = with;
    return kept;
  }
  Result<std::string> find(const std::optional<KeptContent>& kept = {}) {
    return Signatures(parts()).find(request_, kept, {"signature", "id"}, {});
  }
  Signatures signatures() { return Signatures(parts()); }
  Result<void> check_staged(const std::string& text) {
    auto got = fetch_({request("v1", text).url}, {parts().state.staging(), "content"}, {});
    auto content = content::StagedContent::verify(
        std::move(std::get<content::DownloadedFile>(*got)), "url", std::nullopt, {});
    return signatures().check(request_, *content);
  }

  /// A path is updated to `first`, and then to `second`: returns what is kept of the first.
  KeptContent keep(const api::UpdateRequest& first, const api::UpdateRequest& second) {
    do_not_verify();
    EXPECT_FALSE(update(first).error);
    EXPECT_FALSE(update(second).error);
    verify();
    return state()->kept.back();
  }
  [[nodiscard]] std::filesystem::path kept_file(const KeptContent& kept) const {
    return settings_.state_dir / "kept" / kept.name;
  }
  /// An archive with one file.
  api::UpdateRequest folder(const std::string& version, const std::string& text) {
    auto asked = request(version, content::tar_of({{"file", text}}));
    asked.url = "http://source/" + version + ".tar";
    source_[asked.url] = content::tar_of({{"file", text}});
    asked.tree.emplace();
    return asked;
  }
  void sign() { request_.signature = signature::kSignature; }

  tests::TemporaryFolder keys_;
  std::filesystem::path key_file_;
  Download fetch_;
  std::vector<content::Source> asked_;
  api::UpdateRequest request_;
};

std::string stored() { return signature::compact(signature::kSignature).value(); }

TEST_F(SignaturesTest, are_verified_where_there_is_a_key) {
  EXPECT_TRUE(signatures().are_verified());
  do_not_verify();
  EXPECT_FALSE(signatures().are_verified());
}

TEST_F(SignaturesTest, are_taken_from_the_request_first) {
  sign();
  put_at_source("another");
  EXPECT_EQ(find(kept("v1", "another")).value(), stored());
  EXPECT_TRUE(asked_.empty());
}

TEST_F(SignaturesTest, are_refused_when_the_request_has_none_that_can_be_read) {
  request_.signature = "x";
  EXPECT_EQ(find().error().reason, Reason::kSignatureInvalid);
}

TEST_F(SignaturesTest, are_taken_from_kept_content_of_the_same_version) {
  put_at_source("another");
  EXPECT_EQ(find(kept("v1", "kept")).value(), "kept");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(SignaturesTest, are_not_taken_from_kept_content_of_another_version) {
  put_at_source(std::string(signature::kSignature));
  EXPECT_EQ(find(kept("v0", "kept")).value(), stored());
}

TEST_F(SignaturesTest, are_not_taken_from_content_that_came_with_the_pod) {
  put_at_source(std::string(signature::kSignature));
  EXPECT_EQ(find(KeptContent{"a", "1", std::nullopt}).value(), stored());
}

TEST_F(SignaturesTest, are_fetched_from_beside_the_url) {
  put_at_source(std::string(signature::kSignature));
  EXPECT_EQ(find().value(), stored());
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(asked_[0].url, request_.url + ".minisig");
  EXPECT_EQ(asked_[0].update_id, "id");
}

TEST_F(SignaturesTest, are_fetched_no_further_than_a_signature_is_long) {
  put_at_source(std::string(signature::kSignature));
  (void)find();
  EXPECT_EQ(asked_.at(0).max_bytes, kMaxSignatureBytes);
}

TEST_F(SignaturesTest, leave_nothing_in_staging) {
  put_at_source(std::string(signature::kSignature));
  (void)find();
  EXPECT_EQ(staged(), 0U);
}

TEST_F(SignaturesTest, are_not_fetched_for_a_rollback) {
  request_.rollback = true;
  EXPECT_EQ(find().value(), "");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(SignaturesTest, are_not_fetched_for_content_that_has_no_url) {
  request_.url.clear();
  EXPECT_EQ(find().value(), "");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(SignaturesTest, are_not_fetched_where_nobody_verifies_them) {
  do_not_verify();
  EXPECT_EQ(find().value(), "");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(SignaturesTest, are_missed_at_the_source_where_they_are_required) {
  const auto found = find();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kRefused);
  EXPECT_EQ(found.error().reason, Reason::kSignatureInvalid);
  EXPECT_THAT(found.error().message,
              StartsWith("there is no signature at " + request_.url + ".minisig"));
}

TEST_F(SignaturesTest, may_be_missing_at_the_source_where_they_are_not_required) {
  rules().required.value = false;
  EXPECT_EQ(find().value(), "");
}

TEST_F(SignaturesTest, may_not_be_unreachable_also_where_they_are_not_required) {
  rules().required.value = false;
  source_fails(fail(ErrorCode::kUnavailable, Reason::kSourceUnreachable, "no route"));
  EXPECT_EQ(find().error().reason, Reason::kSourceUnreachable);
  EXPECT_EQ(find().error().message, "the signature: no route");
}

TEST_F(SignaturesTest, are_none_when_they_are_too_long) {
  source_fails(fail(ErrorCode::kRefused, Reason::kTooLarge, "more bytes than are allowed"));
  EXPECT_EQ(find().error().reason, Reason::kSignatureInvalid);
  EXPECT_THAT(find().error().message, HasSubstr("it is longer than 4 KiB"));
}

TEST_F(SignaturesTest, are_refused_with_their_url_when_they_cannot_be_read) {
  put_at_source("<html>");
  EXPECT_EQ(find().error().reason, Reason::kSignatureInvalid);
  EXPECT_THAT(find().error().message, StartsWith(request_.url + ".minisig: "));
}

TEST_F(SignaturesTest, are_not_shown_with_the_secrets_of_their_url) {
  request_.url = "http://source/text?token=s3cret";
  EXPECT_THAT(find().error().message, Not(HasSubstr("s3cret")));
  source_["http://source/text.minisig?token=s3cret"] = "<html>";
  EXPECT_THAT(find().error().message, Not(HasSubstr("s3cret")));
  source_fails(fail(ErrorCode::kRefused, Reason::kTooLarge, "more bytes than are allowed"));
  EXPECT_THAT(find().error().message, Not(HasSubstr("s3cret")));
}

TEST_F(SignaturesTest, are_not_asked_for_with_a_condition_that_could_hold) {
  source_says_not_modified_ = true;
  EXPECT_EQ(find().error().code, ErrorCode::kUpstream);
}

TEST_F(SignaturesTest, pass_staged_content_that_was_signed) {
  sign();
  EXPECT_TRUE(check_staged("text"));
}

TEST_F(SignaturesTest, pass_no_other_staged_content) {
  sign();
  EXPECT_EQ(check_staged("Text").error().reason, Reason::kSignatureInvalid);
  do_not_verify();
  EXPECT_TRUE(check_staged("Text")) << "nobody verifies it";
}

TEST_F(SignaturesTest, pass_content_by_its_digest) {
  sign();
  EXPECT_TRUE(signatures().check(request_, signature::blake2b_of_text("text")));
  EXPECT_FALSE(signatures().check(request_, signature::blake2b_of_text("Text")));
  EXPECT_FALSE(signatures().check(request_, std::string()));
}

TEST_F(SignaturesTest, hold_for_the_version_and_the_path_of_the_request) {
  sign();
  const auto is_passed = [&] {
    return signatures().check(request_, signature::blake2b_of_text("text")).has_value();
  };
  EXPECT_TRUE(is_passed());
  request_.version = "v2";
  EXPECT_FALSE(is_passed());
  request_.version = "v1";
  request_.path = "b";
  EXPECT_FALSE(is_passed());
}

TEST_F(SignaturesTest, pass_a_kept_file_as_it_is_now) {
  const auto kept = keep(request("v1", "text"), request("v2", "other"));
  sign();
  EXPECT_TRUE(signatures().check(request_, kept));
  std::ofstream(kept_file(kept)) << "Text";
  EXPECT_EQ(signatures().check(request_, kept).error().reason, Reason::kSignatureInvalid);
}

TEST_F(SignaturesTest, are_missed_of_a_kept_file_before_it_is_read) {
  const auto kept = keep(request("v1", "text"), request("v2", "other"));
  std::filesystem::remove(kept_file(kept));
  EXPECT_EQ(signatures().check(request_, kept).error().reason, Reason::kSignatureInvalid);
  sign();
  EXPECT_EQ(signatures().check(request_, kept).error().code, ErrorCode::kNotFound);
}

TEST_F(SignaturesTest, pass_a_kept_folder_by_the_archive_that_it_came_in) {
  auto kept = keep(folder("v1", "one"), folder("v2", "two"));
  sign();
  kept.was->blake2b = signature::blake2b_of_text("text");
  EXPECT_TRUE(signatures().check(request_, kept));
  kept.was->blake2b = signature::blake2b_of_text("Text");
  EXPECT_FALSE(signatures().check(request_, kept));
}

TEST_F(SignaturesTest, pass_no_kept_folder_that_somebody_wrote_to) {
  auto kept = keep(folder("v1", "one"), folder("v2", "two"));
  sign();
  kept.was->blake2b = signature::blake2b_of_text("text");
  std::ofstream(kept_file(kept) / "a" / "file") << "three";
  EXPECT_EQ(signatures().check(request_, kept).error().reason, Reason::kKeptContentChanged);
}

TEST_F(SignaturesTest, pass_whatever_is_kept_where_nobody_verifies_them) {
  const auto kept = keep(folder("v1", "one"), folder("v2", "two"));
  do_not_verify();
  std::filesystem::remove_all(kept_file(kept));
  EXPECT_TRUE(signatures().check(request_, kept));
}

TEST_F(SignaturesTest, pass_a_live_file_that_was_signed) {
  sign();
  put_live("a", "text");
  EXPECT_TRUE(signatures().check_live(request_));
}

TEST_F(SignaturesTest, pass_no_other_live_file) {
  sign();
  EXPECT_FALSE(signatures().check_live(request_)) << "there is none";
  put_live("a", "Text");
  EXPECT_EQ(signatures().check_live(request_).error().reason, Reason::kSignatureInvalid);
  do_not_verify();
  EXPECT_TRUE(signatures().check_live(request_)) << "nobody verifies it";
}

TEST_F(SignaturesTest, pass_a_live_folder_by_the_archive_that_it_came_in) {
  sign();
  request_.tree.emplace();
  LiveContent live;
  live.entry.tree.emplace();
  live.blake2b = signature::blake2b_of_text("text");
  ASSERT_TRUE(ledger().note_ended({{}, {{"a", live}}}, 2));
  EXPECT_TRUE(signatures().check_live(request_));
}

TEST_F(SignaturesTest, pass_no_live_folder_whose_archive_nobody_noted) {
  sign();
  request_.tree.emplace();
  const auto why = signatures().check_live(request_).error().message;
  EXPECT_THAT(why, HasSubstr("was live before signatures were verified"));
}

}  // namespace
}  // namespace okg::hot_update
