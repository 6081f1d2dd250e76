#include "plugins/hot_update/ledger/ledger.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "limits/documented.hpp"
#include "plugins/hot_update/ledger/journal.hpp"
#include "plugins/hot_update/ledger/ledger_json.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

class LedgerTest : public testing::Test {
 protected:
  std::unique_ptr<Ledger> open() const {
    return Ledger::open(files::Folder::open(folder_.path()).value()).value();
  }
  static LiveContent live(const std::string& version) {
    return {{version, "http://h/a", Sha256{}, results::Scope::kWorkload,
             Timestamp(std::chrono::microseconds(5))},
            3,
            "\"tag\"",
            ""};
  }
  static UpdateEnd succeeded(std::uint64_t seq, const std::string& version,
                             std::optional<KeptContent> kept = {}) {
    Outcome outcome;
    outcome.seq = seq;
    outcome.kind = OutcomeKind::kSucceeded;
    outcome.path = "a";
    outcome.version = version;
    return {outcome, {{"a", live(version), std::move(kept)}}};
  }
  static UpdateEnd of_path(const std::string& path, UpdateEnd end) {
    end.outcome.path = path;
    end.paths.front().path = path;
    return end;
  }
  /// An update of one path, whose old content is `old`.
  static Intent intent(std::uint64_t seq, const std::string& version, OldContent old = {}) {
    const Moment then{Timestamp(std::chrono::microseconds(6)),
                      BootTime(std::chrono::microseconds(7)), "b"};
    return {seq, {{"a", live(version), std::move(old)}}, false, then};
  }
  tests::TemporaryFolder folder_;
};

/// While it lives no file grows beyond `bytes`: writing more fails with EFBIG.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{static_cast<rlim_t>(bytes), before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_F(LedgerTest, comes_back_as_it_was_after_a_restart) {
  {
    auto ledger = open();
    const KeptContent kept{"a", "1", std::nullopt};
    const auto update = intent(ledger->next_seq(), "v1", OldContent::in_kept(kept));
    ASSERT_TRUE(ledger->note_intent(update));
    EXPECT_EQ(open()->state()->intents, std::vector<Intent>{update});
    ASSERT_TRUE(ledger->note_ended(succeeded(1, "v1", kept), 2));
    ledger->mark_recorded(1);
  }
  auto ledger = open();
  EXPECT_TRUE(ledger->state()->intents.empty());
  EXPECT_EQ(ledger->state()->live_at("a"), live("v1"));
  EXPECT_EQ(ledger->state()->kept, (std::vector<KeptContent>{{"a", "1", std::nullopt}}));
  EXPECT_EQ(ledger->state()->history.back().version, "v1");
  EXPECT_EQ(ledger->next_seq(), 2U);
  EXPECT_FALSE(ledger->state()->unrecorded());
}

TEST_F(LedgerTest, names_the_settings_that_make_a_journal_smaller) {
  Outcome outcome;
  outcome.version = std::string(1024, 'v');
  const auto ledger =
      Ledger::open(files::Folder::open(folder_.path()).value(), {64 * 1024, 1024}).value();
  const auto started = ledger->note_started(outcome);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().reason, Reason::kJournalFull);
  EXPECT_NE(started.error().message.find("; lower maxPaths or keepVersions"), std::string::npos);
}

TEST_F(LedgerTest, says_what_is_not_recorded_yet) {
  auto ledger = open();
  ASSERT_TRUE(ledger->note_ended(succeeded(1, "v1"), 2));
  ASSERT_TRUE(ledger->note_ended(succeeded(2, "v2"), 2));
  ledger->mark_recorded(1);
  ASSERT_TRUE(ledger->state()->unrecorded());
  EXPECT_EQ(open()->state()->unrecorded()->version, "v2");
  ledger->mark_recorded(2);
  EXPECT_FALSE(open()->state()->unrecorded());
}

TEST_F(LedgerTest, keeps_as_many_versions_as_asked) {
  auto ledger = open();
  for (std::uint64_t seq = 1; seq <= 2; ++seq)
    ASSERT_TRUE(
        ledger->note_ended(succeeded(seq, "v", KeptContent{"a", std::to_string(seq), {}}), 2));
  ASSERT_TRUE(ledger->note_ended(of_path("b", succeeded(3, "v", KeptContent{"b", "3", {}})), 2));
  ASSERT_TRUE(ledger->note_ended(succeeded(4, "v", KeptContent{"a", "4", {}}), 2));
  EXPECT_EQ(open()->state()->kept,
            (std::vector<KeptContent>{{"a", "2", {}}, {"b", "3", {}}, {"a", "4", {}}}));
}

/// A tree at `path`, asked for at `time`.
UpdateEnd tree_end(std::uint64_t seq, const std::string& path, int time,
                   std::optional<KeptContent> kept = {}, std::optional<std::string> used = {}) {
  LiveContent file;
  file.entry.version = "v" + std::to_string(seq);
  file.entry.requested_at = Timestamp(std::chrono::microseconds(time));
  file.entry.tree = results::TreeEntry{};
  Outcome outcome;
  outcome.seq = seq;
  outcome.kind = OutcomeKind::kSucceeded;
  outcome.path = path;
  outcome.version = file.entry.version;
  return {outcome, {{path, file, std::move(kept), std::move(used)}}};
}

TEST_F(LedgerTest, keeps_what_was_live_below_a_tree_with_it) {
  {
    auto ledger = open();
    ASSERT_TRUE(ledger->note_ended(tree_end(1, "m", 1), 2));
    auto fix = of_path("m/1", succeeded(2, "fix", KeptContent{"m/1", "2", {}}));
    ASSERT_TRUE(ledger->note_ended(fix, 2));
    ASSERT_TRUE(ledger->note_ended(tree_end(3, "m", 9, KeptContent{"m", "3", live("v1")}), 2));
    EXPECT_FALSE(open()->state()->live_at("m/1"));
    const auto kept = ledger->state()->kept;
    ASSERT_EQ(kept.size(), 1U) << "what was kept of the file went with the tree";
    EXPECT_EQ(kept.front().below.count("m/1"), 1U);
    EXPECT_EQ(state_of(to_line(*ledger->state()).at("state")).kept, kept) << "a rewritten journal";
  }
  auto ledger = open();
  ASSERT_TRUE(ledger->note_ended(tree_end(4, "m", 20, KeptContent{"m", "4", live("v3")}, "3"), 2));
  for (const auto& state : {ledger->state(), open()->state()}) {
    const auto fix = state->live_at("m/1");
    ASSERT_TRUE(fix);
    EXPECT_EQ(fix->entry.version, "fix");
    EXPECT_GT(fix->entry.requested_at, state->live_at("m")->entry.requested_at);
  }
}

TEST_F(LedgerTest, forgets_a_torn_end_and_goes_on_behind_what_is_whole) {
  ASSERT_TRUE(open()->note_ended(succeeded(1, "v1"), 2));
  const auto whole = std::filesystem::file_size(folder_.path() / "journal");
  ASSERT_TRUE(open()->note_ended(succeeded(2, "v2"), 2));
  const auto all = std::filesystem::file_size(folder_.path() / "journal");
  for (auto size = whole; size < all; size += 13) {
    std::filesystem::resize_file(folder_.path() / "journal", size);
    EXPECT_EQ(open()->state()->last()->version, "v1") << size;
    ASSERT_TRUE(open()->note_ended(succeeded(2, "v2"), 2));
    EXPECT_EQ(open()->state()->last()->version, "v2") << size;
  }
}

TEST_F(LedgerTest, gives_readers_a_state_that_never_changes) {
  auto ledger = open();
  const auto before = ledger->state();
  ASSERT_TRUE(ledger->note_ended(succeeded(1, "v1"), 2));
  EXPECT_TRUE(before->history.empty());
  EXPECT_EQ(ledger->state()->history.size(), 1U);
}

TEST_F(LedgerTest, stays_short_and_keeps_the_last_twenty_outcomes) {
  auto ledger = open();
  for (std::uint64_t seq = 1; seq <= 150; ++seq) {
    auto end = succeeded(seq, "v" + std::to_string(seq));
    end.outcome.message = std::string(2'500, 'm');
    ASSERT_TRUE(ledger->note_ended(end, 2));
  }
  EXPECT_LT(std::filesystem::file_size(folder_.path() / "journal"), 300U * 1024U);
  const auto history = open()->state()->history;
  EXPECT_EQ(history.size(), limits::documented("results shown"));
  EXPECT_EQ(history.front().version, "v131");
  EXPECT_EQ(history.back().version, "v150");
}

TEST_F(LedgerTest, does_not_write_a_large_state_again_with_each_update) {
  auto ledger = open();
  const auto end_large = [&](std::uint64_t seq) {
    auto end = of_path(std::to_string(seq), succeeded(seq, "v"));
    end.paths.front().live->entry.url = std::string(8 * 1024, 'u');
    ASSERT_TRUE(ledger->note_ended(end, 2));
  };
  const auto journal_inode = [&] {
    struct stat status {};
    EXPECT_EQ(::stat((folder_.path() / "journal").c_str(), &status), 0);
    return status.st_ino;
  };
  for (std::uint64_t seq = 1; seq <= 40; ++seq) end_large(seq);
  const auto before = journal_inode();
  for (std::uint64_t seq = 41; seq <= 50; ++seq) end_large(seq);
  EXPECT_EQ(journal_inode(), before);
  EXPECT_EQ(open()->state()->live.size(), 50U);
}

TEST_F(LedgerTest, takes_messages_that_are_no_utf_8) {
  auto end = succeeded(1, "v1");
  end.outcome.message = "bytes \xff\xfe";
  ASSERT_TRUE(open()->note_ended(end, 2));
  EXPECT_EQ(open()->state()->last()->version, "v1");
}

TEST_F(LedgerTest, keeps_no_longer_what_went_live_again) {
  {
    auto ledger = open();
    ASSERT_TRUE(ledger->note_ended(succeeded(1, "v1", KeptContent{"a", "1", live("v0")}), 2));
    ASSERT_TRUE(ledger->note_ended(succeeded(2, "v2", KeptContent{"a", "2", live("v1")}), 2));
    const KeptContent kept{"a", "3", live("v2")};
    auto update = intent(3, "v0", OldContent::in_kept(kept));
    update.targets.front().from_kept = "1";
    ASSERT_TRUE(ledger->note_intent(update));
    EXPECT_EQ(open()->state()->intents, std::vector<Intent>{update});
    auto end = succeeded(3, "v0", kept);
    end.paths.front().used_kept = "1";
    ASSERT_TRUE(ledger->note_ended(end, 2));
  }
  EXPECT_EQ(open()->state()->kept,
            (std::vector<KeptContent>{{"a", "2", live("v1")}, {"a", "3", live("v2")}}));
}

TEST_F(LedgerTest, writes_with_the_next_line_what_the_disk_did_not_take) {
  auto ledger = open();
  ASSERT_TRUE(ledger->note_intent(intent(1, "v1")));
  {
    const FullDisk full(std::filesystem::file_size(folder_.path() / "journal"));
    EXPECT_FALSE(ledger->note_ended(succeeded(1, "v1"), 2));
  }
  EXPECT_EQ(open()->state()->intents.size(), 1U);
  ledger->mark_recorded(1);
  EXPECT_TRUE(open()->state()->intents.empty());
  EXPECT_EQ(open()->state()->last()->version, "v1");
  EXPECT_EQ(open()->state()->live_at("a"), live("v1"));
}

TEST_F(LedgerTest, forgets_what_was_begun_and_did_not_happen) {
  auto ledger = open();
  ASSERT_TRUE(ledger->note_intent(intent(1, "v1")));
  ledger->drop_intent(1);
  EXPECT_TRUE(ledger->state()->intents.empty());
  ASSERT_TRUE(ledger->note_intent(intent(2, "v2")));
  EXPECT_EQ(open()->state()->intents, std::vector<Intent>{intent(2, "v2")});
}

TEST_F(LedgerTest, remembers_what_is_still_to_be_reverted_until_its_path_is_updated) {
  auto update = intent(1, "v1", OldContent::symlink("elsewhere"));
  ASSERT_TRUE(open()->note_intent(update));
  UpdateEnd failed;
  failed.outcome.seq = 1;
  failed.outcome.path = "a";
  failed.needs_revert = true;
  ASSERT_TRUE(open()->note_ended(failed, 2));
  update.needs_revert = true;
  EXPECT_EQ(open()->state()->intents, std::vector<Intent>{update});
  EXPECT_EQ(open()->state()->paths_to_revert(), std::set<std::string>{"a"});

  ASSERT_TRUE(open()->note_ended(of_path("b", succeeded(2, "v2")), 2));
  EXPECT_EQ(open()->state()->intents, std::vector<Intent>{update});
  ASSERT_TRUE(open()->note_ended(succeeded(3, "v3"), 2));
  EXPECT_TRUE(open()->state()->intents.empty());
}

TEST_F(LedgerTest, keeps_an_update_of_many_paths_until_the_last_of_them_is_updated) {
  auto update = intent(1, "v1");
  update.targets.push_back({"b", live("v1"), {}});
  update.needs_revert = true;
  ASSERT_TRUE(open()->note_intent(update));
  ASSERT_TRUE(open()->note_ended(succeeded(2, "v2"), 2));
  EXPECT_EQ(open()->state()->paths_to_revert(), std::set<std::string>{"b"});
  ASSERT_TRUE(open()->note_ended(of_path("b", succeeded(3, "v2")), 2));
  EXPECT_TRUE(open()->state()->intents.empty());
}

TEST_F(LedgerTest, keeps_why_an_update_failed) {
  UpdateEnd failed;
  failed.outcome.seq = 1;
  failed.outcome.stage = Stage::kFetch;
  failed.outcome.error = ErrorCode::kNoSpace;
  failed.outcome.reason = Reason::kNoSpace;
  ASSERT_TRUE(open()->note_ended(failed, 2));
  const auto last = *open()->state()->last();
  EXPECT_EQ(last.error, ErrorCode::kNoSpace);
  EXPECT_EQ(last.reason, Reason::kNoSpace);
  EXPECT_EQ(last.stage, Stage::kFetch);
}

TEST_F(LedgerTest, remembers_how_long_each_stage_took) {
  {
    auto end = succeeded(1, "v1");
    end.outcome.stages = {{Stage::kFetch, std::chrono::milliseconds(5)},
                          {Stage::kPublish, std::chrono::milliseconds(7)}};
    ASSERT_TRUE(open()->note_ended(end, 2));
  }
  const auto stages = open()->state()->last()->stages;
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_EQ(stages[1].stage, Stage::kPublish);
  EXPECT_EQ(stages[1].duration, std::chrono::milliseconds(7));
}

TEST_F(LedgerTest, keeps_what_it_has_heard_of_orders_also_when_the_journal_is_shortened) {
  SeenOrders heard;
  heard.malformed["b"] = "version is missing";
  heard.paths["a"] = {"digest",
                      "me",
                      Timestamp(std::chrono::microseconds(7)),
                      OrderResult::kRolledBack,
                      "v2",
                      "sum",
                      "GameNotHealthy",
                      "it was not",
                      PreviousContent{"v1", "http://h/a", ""},
                      Timestamp{}};
  {
    auto ledger = open();
    EXPECT_TRUE(ledger->change_orders([&](SeenOrders& orders) { orders = heard; }).value());
    EXPECT_FALSE(ledger->change_orders([&](SeenOrders& orders) { orders = heard; }).value());
  }
  auto ledger = open();
  EXPECT_EQ(ledger->state()->orders, heard);
  ledger->drop_intent(1);  // the journal is behind, and written again as a whole
  ASSERT_TRUE(ledger->flush());
  EXPECT_EQ(open()->state()->orders, heard);
}

}  // namespace
}  // namespace okg::hot_update
