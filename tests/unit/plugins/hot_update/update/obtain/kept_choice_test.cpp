#include "plugins/hot_update/update/obtain/kept_choice.hpp"

#include "../pod.hpp"

namespace okg::hot_update {
namespace {

/// v1 and v2 of "a" are kept, v3 is live.
class KeptChoice : public PodTest {
 protected:
  void SetUp() override {
    PodTest::SetUp();
    put_live("a", "original");
    for (const auto* version : {"v1", "v2", "v3"}) update(version, version);
  }
  [[nodiscard]] Result<KeptContent> choose(const std::string& path, const std::string& version) {
    api::UpdateRequest request;
    request.rollback = true;
    request.path = path;
    request.version = version;
    return kept_for_rollback(parts(), request);
  }
};

TEST_F(KeptChoice, is_the_newest_for_a_rollback_that_says_nothing) {
  EXPECT_EQ(choose("", "")->version(), "v2");
}

TEST_F(KeptChoice, is_of_the_path_that_was_updated_last) {
  update(request("w1", "one", "b"));
  update(request("w2", "two", "b"));
  EXPECT_EQ(choose("", "")->path, "b");
}

TEST_F(KeptChoice, passes_over_the_path_of_an_update_that_failed) {
  auto failing = request("w1", "one", "b");
  source_.clear();
  ASSERT_TRUE(update(failing).error);
  EXPECT_EQ(choose("", "")->path, "a");
}

TEST_F(KeptChoice, is_the_version_that_a_rollback_names) {
  EXPECT_EQ(choose("a", "v1")->version(), "v1");
}

TEST_F(KeptChoice, names_what_is_kept_when_that_version_is_not) {
  const auto kept = choose("a", "v9");
  EXPECT_EQ(kept.error().message,
            "no kept content of 'a' has the version v9; kept are, newest first: v2, v1");
  EXPECT_EQ(kept.error().reason, Reason::kNothingKept);
}

TEST_F(KeptChoice, says_what_bounds_it_when_nothing_of_the_path_is_kept) {
  EXPECT_EQ(choose("b", "").error().message,
            "no earlier content of 'b' is kept (keepVersions is 2; keepBytes bounds all of it); "
            "send an update from its source");
}

TEST_F(KeptChoice, takes_no_part_that_later_updates_came_over) {
  auto end = UpdateEnd{};
  end.outcome.seq = ledger().next_seq();
  end.outcome.kind = OutcomeKind::kSucceeded;
  KeptContent part{".", "part", LiveContent{entry("p1", "x"), 1, "", ""}, true};
  KeptContent newer{".", "newer", LiveContent{entry("p2", "x"), 1, "", ""}};
  end.paths = {{".", std::nullopt, part}, {".", std::nullopt, newer}};
  ASSERT_TRUE(ledger().note_ended(end, 9));
  EXPECT_EQ(choose(".", "p1").error().reason, Reason::kNothingKept);
  EXPECT_EQ(choose(".", "p2")->name, "newer");
}

TEST_F(KeptChoice, is_what_an_order_names_by_its_checksum) {
  auto ordered = request("v1 again", "v1");
  ordered.sha256 = sha256_of("v1");
  EXPECT_EQ(kept_for_order(parts(), ordered)->version(), "v1");
}

TEST_F(KeptChoice, is_nothing_for_an_order_without_a_checksum) {
  EXPECT_FALSE(kept_for_order(parts(), request("v1", "v1")));
}

TEST_F(KeptChoice, is_nothing_for_an_order_when_somebody_wrote_to_it) {
  auto ordered = request("v1", "v1");
  ordered.sha256 = sha256_of("v1");
  for (const auto& each : state()->kept)
    std::ofstream(settings_.state_dir / "kept" / each.name, std::ios::app) << "x";
  EXPECT_FALSE(kept_for_order(parts(), ordered));
}

TEST_F(KeptChoice, is_what_an_entry_of_the_store_says) {
  EXPECT_EQ(kept_for_entry(parts(), "a", entry("any", "v2"))->version(), "v2");
}

TEST_F(KeptChoice, is_of_the_path_of_the_entry_only) {
  EXPECT_FALSE(kept_for_entry(parts(), "b", entry("v2", "v2")));
}

TEST_F(KeptChoice, is_the_content_that_the_pod_came_with_for_an_entry_without_a_url) {
  update(request("w1", "one", "b"));
  put_live("c", "original");
  update(request("w1", "one", "c"));
  results::Entry original;
  original.version = kOriginalVersion;
  EXPECT_EQ(kept_for_entry(parts(), "c", original)->version(), kOriginalVersion);
  EXPECT_FALSE(kept_for_entry(parts(), "b", original)) << "there was none";
}

}  // namespace
}  // namespace okg::hot_update
