#include "plugins/hot_update/ledger/replay.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "limits/documented.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

const fs::path kGolden = OKG_GOLDEN_JOURNALS;

class ReplayTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path journal() const { return folder_.path() / "journal"; }
  void append(const std::string& line) const {
    ASSERT_TRUE(Journal::open(files::Folder::open(folder_.path()).value(), "journal")
                    ->journal.append(line, Journal::Sync::kNo));
  }
  [[nodiscard]] OpenedJournal open() const {
    return std::move(open_journal(files::Folder::open(folder_.path()).value(), "journal").value());
  }
  [[nodiscard]] bool is_set_aside() const {
    return fs::exists(folder_.path() / "journal.unreadable");
  }

  tests::TemporaryFolder folder_;
};

constexpr auto kHeader = R"({"format":"okg-sidecar journal","version":1})";

TEST_F(ReplayTest, a_new_journal_begins_with_format_and_version) {
  ASSERT_TRUE(Ledger::open(files::Folder::open(folder_.path()).value()));
  EXPECT_EQ(Journal::open(files::Folder::open(folder_.path()).value(), "journal")->lines,
            std::vector<std::string>{kHeader});
}

TEST_F(ReplayTest, a_journal_that_takes_the_place_of_one_set_aside_has_the_same_bounds) {
  append("{");
  const Journal::Limits narrow{200, 100};
  auto opened = open_journal(files::Folder::open(folder_.path()).value(), "journal", narrow);
  EXPECT_TRUE(is_set_aside());
  const auto written = opened->journal.append(std::string(150, 'x'), Journal::Sync::kNo);
  EXPECT_EQ(written.error().reason, Reason::kJournalFull);
}

TEST_F(ReplayTest, reads_the_journal_of_0_1_0) {
  fs::copy_file(kGolden / "0.1.0.journal", journal());
  const auto opened = open();
  EXPECT_FALSE(is_set_aside());
  EXPECT_EQ(opened.format_version, 0);
  const auto& state = opened.state;
  EXPECT_EQ(state.live_at("a.txt")->entry.version, "v1");
  EXPECT_EQ(state.live_at("maps/1.json")->entry.scope, results::Scope::kPod);
  ASSERT_EQ(state.history.size(), 6U);
  EXPECT_EQ(state.history[0].kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(state.history[3].kind, OutcomeKind::kFailed);
  EXPECT_EQ(state.history[3].error, ErrorCode::kUpstream);
  EXPECT_EQ(state.history[3].stage, Stage::kFetch);
  EXPECT_EQ(state.history[4].kind, OutcomeKind::kUnchanged);
  EXPECT_EQ(state.history[4].error, std::nullopt);
  EXPECT_EQ(state.kept.size(), 2U);
}

TEST_F(ReplayTest, reads_what_0_1_0_left_in_progress) {
  fs::copy_file(kGolden / "0.1.0-pending.journal", journal());
  const auto state = open().state;
  ASSERT_EQ(state.intents.size(), 1U);
  EXPECT_EQ(state.intents[0].targets.front().path, "a.txt");
  EXPECT_EQ(state.intents[0].targets.front().old.kind, OldContent::Kind::kKept);
  EXPECT_FALSE(state.intents[0].needs_revert);
}

/// The same updates, written by each release: all kinds of ends, kept content, content that is
/// still to be reverted to, and an update in progress.
class GoldenTest : public ReplayTest, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    ReplayTest::SetUp();
    fs::copy_file(kGolden / GetParam(), journal());
    state_ = open().state;
  }
  [[nodiscard]] const Intent* intent(std::uint64_t seq) const {
    for (const auto& each : state_.intents)
      if (each.seq == seq) return &each;
    return nullptr;
  }

  LedgerState state_;
};
INSTANTIATE_TEST_SUITE_P(OfEachRelease, GoldenTest,
                         testing::Values("0.1.0-every-end.journal", "version-1.journal"));

TEST_P(GoldenTest, can_be_read) { EXPECT_FALSE(is_set_aside()); }

TEST_P(GoldenTest, says_how_each_update_ended) {
  using Kind = OutcomeKind;
  std::vector<Kind> kinds;
  for (const auto& outcome : state_.history) kinds.push_back(outcome.kind);
  EXPECT_EQ(kinds,
            (std::vector{Kind::kSucceeded, Kind::kSucceeded, Kind::kSucceeded, Kind::kUnchanged,
                         Kind::kFailed, Kind::kSucceeded, Kind::kRolledBack, Kind::kFailed}));
}

TEST_P(GoldenTest, says_why_an_update_failed_and_where) {
  ASSERT_EQ(state_.history.size(), 8U);
  EXPECT_EQ(state_.history[4].error, ErrorCode::kUpstream);
  EXPECT_EQ(state_.history[4].stage, Stage::kFetch);
  EXPECT_EQ(state_.history[6].error, ErrorCode::kTimeout);
  EXPECT_EQ(state_.history[6].stage, Stage::kConfirm);
  EXPECT_EQ(state_.history[0].error, std::nullopt);
}

TEST_P(GoldenTest, says_what_is_live) {
  EXPECT_EQ(state_.live_at("a.txt")->entry.version, "v1");
  EXPECT_EQ(state_.live_at("maps/1.json")->entry.scope, results::Scope::kPod);
  EXPECT_EQ(state_.live_at("maps/b"), std::nullopt) << "it failed";
}

TEST_P(GoldenTest, says_what_is_kept) {
  std::vector<std::string> versions;
  for (const auto& kept : state_.kept)
    versions.push_back(kept.path + " " + std::string(kept.version()));
  EXPECT_EQ(versions, (std::vector<std::string>{"a.txt original", "a.txt v2"}));
}

TEST_P(GoldenTest, says_what_is_still_to_be_reverted) {
  EXPECT_EQ(state_.paths_to_revert(), std::set<std::string>{"maps/b"});
  ASSERT_NE(intent(8), nullptr);
  EXPECT_EQ(intent(8)->targets.front().old.kind, OldContent::Kind::kKept);
}

TEST_P(GoldenTest, says_what_was_in_progress) {
  ASSERT_NE(intent(9), nullptr);
  EXPECT_FALSE(intent(9)->needs_revert);
  EXPECT_EQ(intent(9)->targets.front().next.entry.version, "v5");
  ASSERT_EQ(state_.started.size(), 1U);
  EXPECT_EQ(state_.started.front().seq, 9U);
}

TEST_P(GoldenTest, says_the_same_once_it_is_written_in_the_form_of_this_release) {
  {
    auto ledger = std::move(Ledger::open(files::Folder::open(folder_.path()).value()).value());
    ledger->drop_intent(0);  // of no update: what follows is written from the state
    ASSERT_TRUE(ledger->flush());
  }
  const auto again = open();
  EXPECT_EQ(again.format_version, 1);
  EXPECT_EQ(again.state.live, state_.live);
  EXPECT_EQ(again.state.kept, state_.kept);
  EXPECT_EQ(again.state.intents, state_.intents);
  EXPECT_EQ(again.state.history.size(), state_.history.size());
}

TEST_F(ReplayTest, gives_an_old_journal_its_own_form_with_the_next_line) {
  fs::copy_file(kGolden / "0.1.0.journal", journal());
  auto ledger = std::move(Ledger::open(files::Folder::open(folder_.path()).value()).value());
  const auto before = ledger->state();
  ledger->mark_recorded(before->last_seq + 1);
  const auto opened = open();
  EXPECT_EQ(opened.format_version, 1);
  EXPECT_EQ(opened.state.live, before->live);
  EXPECT_EQ(opened.state.kept, before->kept);
}

TEST_F(ReplayTest, skips_a_line_of_an_unknown_kind_that_is_optional) {
  append(kHeader);
  append(R"({"forecast":"sun","optional":true})");
  append(R"({"recorded":7})");
  EXPECT_EQ(open().state.recorded_seq, 7U);
  EXPECT_FALSE(is_set_aside());
}

TEST_F(ReplayTest, sets_a_journal_of_a_newer_version_aside) {
  append(R"({"format":"okg-sidecar journal","version":2})");
  append(R"({"recorded":7})");
  EXPECT_EQ(open().state.recorded_seq, 0U);
  EXPECT_TRUE(is_set_aside());
}

TEST_F(ReplayTest, sets_a_journal_of_another_program_aside) {
  append(R"({"format":"somebody else's","version":1})");
  EXPECT_TRUE(open().state.history.empty());
  EXPECT_TRUE(is_set_aside());
}

TEST_F(ReplayTest, reads_words_of_a_newer_release_as_a_failure) {
  append(kHeader);
  append(
      R"({"end":{"outcome":{"seq":1,"kind":"Paused","error":"tired","stage":"sleep","message":"",)"
      R"("version":"v","url":"u","path":"a","sha256":"","bytes":0,"requestedAt":0,"finishedAt":0,)"
      R"("durationMs":0},"paths":[],"needsRevert":false,"keepVersions":2}})");
  const auto state = open().state;
  ASSERT_EQ(state.history.size(), 1U);
  EXPECT_EQ(state.history[0].kind, OutcomeKind::kFailed);
  EXPECT_EQ(state.history[0].error, ErrorCode::kInternal);
  EXPECT_EQ(state.history[0].stage, Stage::kRequest);
}

TEST_F(ReplayTest, sets_a_journal_with_a_line_that_it_cannot_read_aside) {
  const std::string deep(100'000, '[');
  for (const std::string& line :
       {std::string(R"({"forecast":"sun"})"), std::string("{"), R"({"recorded":)" + deep,
        std::string(R"({"recorded":1.8e+133})"), std::string(R"({"recorded":-1})"),
        std::string(R"({"recorded":"1"})"), std::string("null"), std::string("[]"),
        std::string("{\"recorded\":1}\0{}", 17), std::string(R"({"end":{}})"),
        std::string(R"({"begin":{"seq":1}})")}) {
    fs::remove(folder_.path() / "journal.unreadable");
    append(line);
    EXPECT_TRUE(open().state.history.empty()) << line.substr(0, 40);
    EXPECT_TRUE(is_set_aside()) << line.substr(0, 40);
    EXPECT_EQ(fs::file_size(journal()), 0U) << line.substr(0, 40);
  }
}

TEST_F(ReplayTest, sets_a_journal_aside_that_is_larger_than_any_it_writes) {
  { std::ofstream file(journal()); }
  EXPECT_EQ(Journal::Limits().file_bytes, limits::documented("the journal"));
  EXPECT_EQ(Journal::Limits().line_bytes, limits::documented("a line of it"));
  fs::resize_file(journal(), Journal::Limits().file_bytes + 1);
  EXPECT_TRUE(open().state.history.empty());
  EXPECT_TRUE(is_set_aside());
}

TEST_F(ReplayTest, keeps_no_more_than_three_journals_that_were_set_aside) {
  const auto most = limits::documented("journals that are set aside");
  for (std::uint64_t i = 0; i <= most; ++i) {
    append("{}");
    (void)open();
  }
  const auto numbered = [&](std::uint64_t i) {
    return fs::exists(folder_.path() / ("journal.unreadable." + std::to_string(i)));
  };
  EXPECT_TRUE(numbered(most - 1));
  EXPECT_FALSE(numbered(most));
}

/// An intent, as a journal has it, of that path, whose old content is kept under that name.
std::string begin_line(const std::string& path, const std::string& kept, const std::string& etag) {
  return R"({"begin":{"seq":1,"needsRevert":true,"targets":[{"path":")" + path +
         R"(","next":{"version":"v1","url":"http://h/a","sha256":null,"scope":"pod",)" +
         R"("requestedAt":1,"bytes":1,"etag":")" + etag +
         R"(","lastModified":""},"previous":{"path":"a","name":")" + kept + R"(","was":null}}]}})";
}

/// The same, intended then.
std::string with_moment(const std::string& moment) {
  return begin_line("a", "7", "")
      .insert(R"({"begin":{)"sv.size(), "\"intendedAt\":" + moment + ",");
}

TEST_F(ReplayTest, knows_when_an_update_was_intended_where_its_release_said_so) {
  append(kHeader);
  append(begin_line("a", "7", ""));
  EXPECT_EQ(open().state.intents.front().at, std::nullopt);
  append(with_moment(R"({"time":5,"sinceBoot":7,"boot":"b"})"));
  const auto moment = open().state.intents.back().at;
  ASSERT_TRUE(moment);
  EXPECT_EQ(*moment, (Moment{Timestamp(5us), BootTime(7us), "b"}));
}

TEST_F(ReplayTest, believes_what_this_program_could_have_written) {
  append(kHeader);
  append(begin_line("maps/1.json", "7.1", ""));
  EXPECT_EQ(open().state.intents.size(), 1U);
  EXPECT_FALSE(is_set_aside());
}

TEST_F(ReplayTest, forgets_an_etag_that_would_not_fit_into_a_request) {
  append(kHeader);
  append(begin_line("a", "7", R"(x\r\nHost: other)"));
  EXPECT_EQ(open().state.intents.front().targets.front().next.etag, "");
  EXPECT_FALSE(is_set_aside());
}

class PlantedTest : public ReplayTest, public testing::WithParamInterface<std::string> {};
INSTANTIATE_TEST_SUITE_P(
    OfEachKind, PlantedTest,
    testing::Values(begin_line("../out", "7", ""), begin_line("/etc/cron.d/x", "7", ""),
                    begin_line("a", "../../../etc/shadow", ""), begin_line("a", "/etc/shadow", ""),
                    begin_line("a", "7/../../x", ""), begin_line("a", "07", ""),
                    begin_line("a", "", ""), begin_line("a", "7.", ""),
                    R"({"begin":{"seq":1,"needsRevert":true,"targets":[]}})",
                    with_moment(R"({"time":1,"sinceBoot":9223372036854775807,"boot":"b"})"),
                    with_moment(R"({"time":-9223372036854775808,"sinceBoot":1,"boot":"b"})"),
                    with_moment(R"({"time":1,"sinceBoot":1,"boot":"b\n"})"),
                    with_moment(R"({"time":1,"sinceBoot":1.5,"boot":"b"})"), with_moment("null"),
                    R"({"recorded":18446744073709551615})",
                    R"({"start":{"seq":18446744073709551615,"kind":"Failed","stage":"fetch",)"
                    R"("message":"","version":"v","url":"u","path":"a","sha256":"","bytes":0,)"
                    R"("requestedAt":0,"finishedAt":0,"durationMs":0}})",
                    R"({"start":{"seq":1,"kind":"Failed","stage":"fetch","message":"",)"
                    R"("version":"v","url":"u","path":"a","sha256":"","bytes":0,)"
                    R"("requestedAt":-9223372036854775808,"finishedAt":0,"durationMs":0}})"));

TEST_P(PlantedTest, believes_nothing_that_it_could_not_have_written) {
  append(kHeader);
  append(GetParam());
  const auto state = open().state;
  EXPECT_TRUE(is_set_aside());
  EXPECT_TRUE(state.intents.empty());
  EXPECT_TRUE(state.started.empty());
  EXPECT_EQ(state.last_seq + state.recorded_seq, 0U);
}

TEST_F(ReplayTest, sets_aside_what_is_no_file_of_ours) {
  ::mkfifo(journal().c_str(), 0600);
  EXPECT_TRUE(open().state.history.empty());
  EXPECT_TRUE(is_set_aside());
  fs::remove(journal());
  folder_.write("elsewhere", "");
  fs::create_symlink(folder_.path() / "elsewhere", journal());
  EXPECT_TRUE(open().state.history.empty());
  EXPECT_TRUE(fs::is_symlink(folder_.path() / "journal.unreadable.1"));
}

TEST_F(ReplayTest, sets_aside_the_journal_of_another_user) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  append(kHeader);
  append(begin_line("a", "7", ""));
  ASSERT_EQ(::chown(journal().c_str(), 33, 33), 0);
  EXPECT_TRUE(open().state.intents.empty());
  EXPECT_TRUE(is_set_aside());
}

}  // namespace
}  // namespace okg::hot_update
