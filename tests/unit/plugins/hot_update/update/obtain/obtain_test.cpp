#include "plugins/hot_update/update/obtain/obtain.hpp"

#include <algorithm>

#include "../pod.hpp"

namespace okg::hot_update {
namespace {

class ObtainTest : public PodTest {
 protected:
  /// `outcome_` says what became of it.
  Result<std::optional<NextContent>> obtain(PlannedUpdate planned) {
    UpdateRun run(parts(), planned.request);
    auto obtained = Obtainer(parts()).obtain(planned, run, {});
    outcome_ = run.outcome;
    return obtained;
  }
  [[nodiscard]] bool is_warned_of(Reason reason) const {
    return std::ranges::any_of(outcome_.warnings,
                               [&](const auto& each) { return each.reason == to_string(reason); });
  }

  Outcome outcome_;
};

TEST_F(ObtainTest, brings_the_content_of_a_source_into_staging) {
  const auto obtained = obtain({request("v1", "new")});
  ASSERT_TRUE(obtained);
  ASSERT_TRUE(*obtained);
  EXPECT_EQ(std::get<content::StagedContent>(**obtained).sha256(), sha256_of("new"));
  EXPECT_EQ(staged(), 1U);
}

TEST_F(ObtainTest, notes_checksum_and_size) {
  ASSERT_TRUE(obtain({request("v1", "new")}));
  EXPECT_EQ(outcome_.sha256, sha256_of("new").hex());
  EXPECT_EQ(outcome_.bytes, 3U);
}

TEST_F(ObtainTest, leaves_nothing_in_staging_of_content_that_is_not_taken) {
  { const auto obtained = obtain({request("v1", "new")}); }
  EXPECT_EQ(staged(), 0U);
}

TEST_F(ObtainTest, is_nothing_when_the_same_is_live) {
  update("v1", "new");
  const auto obtained = obtain({request("v1", "new")});
  ASSERT_TRUE(obtained);
  EXPECT_FALSE(*obtained);
  EXPECT_EQ(outcome_.bytes, 3U);
}

TEST_F(ObtainTest, warns_of_another_version_with_the_same_bytes) {
  update("v1", "new");
  const auto obtained = obtain({request("v2", "new")});
  ASSERT_TRUE(obtained);
  ASSERT_TRUE(*obtained);
  EXPECT_TRUE(is_warned_of(Reason::kContentUnchanged));
}

TEST_F(ObtainTest, refuses_other_bytes_than_were_asked_for) {
  auto asked = request("v1", "new");
  asked.sha256 = sha256_of("other");
  EXPECT_EQ(obtain({asked}).error().reason, Reason::kChecksumMismatch);
  EXPECT_EQ(outcome_.stage, Stage::kVerify);
}

TEST_F(ObtainTest, asks_no_source_for_a_path_that_cannot_be_published) {
  std::filesystem::create_directory(settings_.file_dir / "a");
  auto asked = request("v1", "new");
  source_.clear();
  EXPECT_EQ(obtain({asked}).error().reason, Reason::kTargetIsDirectory);
}

TEST_F(ObtainTest, asks_no_source_for_kept_content) {
  put_live("a", "old");
  update("v1", "new");
  source_.clear();
  PlannedUpdate planned{{}, state()->kept.front()};
  planned.request.path = "a";
  const auto obtained = obtain(planned);
  ASSERT_TRUE(obtained);
  ASSERT_TRUE(*obtained);
  EXPECT_EQ(outcome_.sha256, sha256_of("old").hex());
}

TEST_F(ObtainTest, refuses_kept_content_that_is_no_longer_what_it_was) {
  update("v1", "one");
  update("v2", "two");
  std::ofstream(settings_.state_dir / "kept" / state()->kept.front().name) << "else";
  PlannedUpdate planned{{}, state()->kept.front()};
  planned.request.path = "a";
  EXPECT_EQ(obtain(planned).error().code, ErrorCode::kRefused);
}

TEST_F(ObtainTest, asks_whether_the_url_of_kept_content_is_still_allowed) {
  put_live("a", "old");
  update("v1", "new");
  parts().check_kept = [](const std::string&) -> Result<void> {
    return fail(ErrorCode::kForbidden, Reason::kSourceNotAllowed, "not that one");
  };
  PlannedUpdate planned{request("v0", "old"), state()->kept.front()};
  EXPECT_EQ(obtain(planned).error().reason, Reason::kSourceNotAllowed);
}

TEST_F(ObtainTest, warns_of_a_signature_that_nobody_verifies) {
  auto asked = request("v1", "new");
  asked.signature = "untrusted comment: x\nRWQ=\n";
  (void)obtain({asked});
  EXPECT_TRUE(is_warned_of(Reason::kSignatureNotVerified));
}

}  // namespace
}  // namespace okg::hot_update
