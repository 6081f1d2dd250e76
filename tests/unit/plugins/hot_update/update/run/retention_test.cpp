#include "plugins/hot_update/update/run/retention.hpp"

#include "../pod.hpp"

namespace okg::hot_update {
namespace {

class RetentionTest : public PodTest {
 protected:
  /// An end that keeps content of so many bytes.
  UpdateEnd end_keeping(const std::string& text) {
    UpdateEnd end;
    end.outcome.seq = ledger().next_seq();
    end.outcome.kind = OutcomeKind::kSucceeded;
    const auto name = std::to_string(end.outcome.seq);
    std::ofstream(settings_.state_dir / "kept" / name) << text;
    end.paths.push_back({"a", std::nullopt, KeptContent{"a", name, {}}});
    return end;
  }
  [[nodiscard]] bool is_kept(const std::string& name) const {
    return std::filesystem::exists(settings_.state_dir / "kept" / name);
  }
};

TEST_F(RetentionTest, counts_nothing_without_keep_bytes) {
  auto end = end_keeping("1234");
  count_kept(parts(), end);
  EXPECT_FALSE(end.paths.front().kept->bytes);
}

TEST_F(RetentionTest, counts_the_new_kept_content) {
  settings_.keep_bytes = 100;
  auto end = end_keeping("1234");
  count_kept(parts(), end);
  EXPECT_EQ(end.paths.front().kept->bytes, 4U);
}

TEST_F(RetentionTest, counts_nothing_for_a_rollback) {
  settings_.keep_bytes = 100;
  auto end = end_keeping("1234");
  end.paths.front().used_kept = "1";
  count_kept(parts(), end);
  EXPECT_FALSE(end.paths.front().kept->bytes);
}

TEST_F(RetentionTest, names_the_oldest_beyond_keep_bytes) {
  settings_.keep_bytes = 7;
  auto first = end_keeping("1234");
  ASSERT_TRUE(ledger().note_ended(first, 9));
  const auto second = end_keeping("5678");
  EXPECT_EQ(beyond_keep_bytes(parts(), second),
            std::vector<std::string>{first.paths.front().kept->name});
}

TEST_F(RetentionTest, names_nothing_that_has_room) {
  settings_.keep_bytes = 8;
  ASSERT_TRUE(ledger().note_ended(end_keeping("1234"), 9));
  EXPECT_TRUE(beyond_keep_bytes(parts(), end_keeping("5678")).empty());
}

TEST_F(RetentionTest, tidies_up_what_the_ledger_does_not_name) {
  const auto end = end_keeping("1234");
  ASSERT_TRUE(ledger().note_ended(end, 9));
  std::ofstream(settings_.state_dir / "kept" / "99") << "nobody's";
  tidy(parts());
  EXPECT_TRUE(is_kept(end.paths.front().kept->name));
  EXPECT_FALSE(is_kept("99"));
}

TEST_F(RetentionTest, keeps_the_old_content_of_an_update_that_has_an_intent) {
  std::ofstream(settings_.state_dir / "kept" / "7") << "old";
  Target target{"a", {entry("v1", "new"), 3, "", ""}, OldContent::in_kept({"a", "7", {}})};
  ASSERT_TRUE(ledger().note_intent({7, {target}, false}));
  tidy(parts());
  EXPECT_TRUE(is_kept("7"));
}

}  // namespace
}  // namespace okg::hot_update
