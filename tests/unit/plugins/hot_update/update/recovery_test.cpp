#include "plugins/hot_update/update/recovery.hpp"

#include <functional>
#include <set>

#include "base/text/bytes.hpp"
#include "pod.hpp"

namespace okg::hot_update {
namespace {

using When = ScriptedFiles::When;

/// A row of the table above Pipeline::carry_out(): where the process dies, and what the next start
/// makes of it.
struct Row {
  const char* name;
  void (*arm)(ScriptedFiles&, ScriptedGame&, std::optional<std::optional<Stage>>&);
  const char* live;                 ///< after the next start
  std::optional<OutcomeKind> ends;  ///< nothing: it had ended
  std::size_t notifications;        ///< by the next start
};

const std::vector<Row> kRows{
    {"started", [](auto&, auto&, auto& dies_at) { dies_at.emplace(Stage::kFetch); }, "old",
     OutcomeKind::kFailed, 0},
    {"downloaded", [](auto&, auto&, auto& dies_at) { dies_at.emplace(Stage::kPublish); }, "old",
     OutcomeKind::kFailed, 0},
    {"new_content_is_durable",
     [](auto& files, auto&, auto&) { files.die(When::kAfter, "fsync", 1); }, "old",
     OutcomeKind::kFailed, 0},
    {"old_content_is_kept", [](auto& files, auto&, auto&) { files.die(When::kAfter, "fsync", 2); },
     "old", OutcomeKind::kFailed, 0},
    {"intent", [](auto& files, auto&, auto&) { files.die(When::kBefore, "rename"); }, "old",
     OutcomeKind::kFailed, 1},
    {"renamed", [](auto& files, auto&, auto&) { files.die(When::kAfter, "rename"); }, "new",
     OutcomeKind::kSucceeded, 1},
    {"live", [](auto& files, auto&, auto&) { files.die(When::kAfter, "fsync", 3); }, "new",
     OutcomeKind::kSucceeded, 1},
    {"the_game_was_notified", [](auto&, auto& game, auto&) { game.dies = true; }, "new",
     OutcomeKind::kSucceeded, 1},
    {"ended", [](auto&, auto&, auto& dies_at) { dies_at.emplace(); }, "new", std::nullopt, 0},
    {"reverted_after_a_failure",
     [](auto& files, auto& game, auto&) {
       game.health_error = Error{ErrorCode::kUpstream, "not healthy"};
       files.die(When::kAfter, "rename", 2);
     },
     "old", OutcomeKind::kFailed, 1},
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class CrashTable : public PodTest, public testing::WithParamInterface<Row> {
 protected:
  /// Dies there, and starts again.
  std::vector<Outcome> die_and_recover() {
    put_live("a", "old");
    const auto asked = request("v1", "new");
    GetParam().arm(files_, game_, dies_at_);
    update_and_die(asked);
    return recovery().resolve_interrupted({});
  }
};

TEST_P(CrashTable, says_which_content_is_live) {
  die_and_recover();
  EXPECT_EQ(live(), GetParam().live);
}
TEST_P(CrashTable, ends_the_update) {
  const auto outcomes = die_and_recover();
  std::optional<OutcomeKind> kind;
  if (!outcomes.empty()) kind = outcomes.front().kind;
  EXPECT_EQ(kind, GetParam().ends);
}
TEST_P(CrashTable, notifies_the_game) {
  die_and_recover();
  EXPECT_EQ(game_.heard.size(), GetParam().notifications);
}
TEST_P(CrashTable, knows_the_live_version) {
  die_and_recover();
  const auto found = state()->live_at("a");
  EXPECT_EQ(found ? found->entry.version : "", std::string(GetParam().live) == "new" ? "v1" : "");
}
TEST_P(CrashTable, has_nothing_left_to_do_at_the_start_after_that) {
  die_and_recover();
  start();
  EXPECT_TRUE(recovery().resolve_interrupted({}).empty());
  EXPECT_TRUE(game_.heard.empty());
}
TEST_P(CrashTable, empties_staging) {
  die_and_recover();
  EXPECT_EQ(staged(), 0U);
}
TEST_P(CrashTable, keeps_what_a_rollback_needs) {
  die_and_recover();
  const bool is_new = std::string(GetParam().live) == "new";
  EXPECT_EQ(kept(), is_new ? 1U : 0U);
  if (is_new) roll_back();
  EXPECT_EQ(live(), "old");
}

INSTANTIATE_TEST_SUITE_P(Rows, CrashTable, testing::ValuesIn(kRows),
                         [](const auto& each) { return each.param.name; });

class RecoveryTest : public PodTest {};

TEST_F(RecoveryTest, reverts_an_interrupted_update_whose_game_is_not_healthy) {
  put_live("a", "old");
  const auto asked = request("v1", "new");
  game_.dies = true;
  update_and_die(asked);
  game_.health_error = Error{ErrorCode::kUpstream, "not healthy"};
  recovery().resolve_interrupted({});
  EXPECT_EQ(live(), "old");
}

TEST_F(RecoveryTest, dies_while_recovering_and_recovers) {
  put_live("a", "old");
  const auto asked = request("v1", "new");
  files_.die(When::kAfter, "rename");
  update_and_die(asked);
  game_.dies = true;
  EXPECT_THROW(recovery().resolve_interrupted({}), Died);
  start();
  const auto outcomes = recovery().resolve_interrupted({});
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes.front().kind, OutcomeKind::kSucceeded);
}

TEST_F(RecoveryTest, restores_from_the_source) {
  recovery().restore({{"a", entry("v1", "new")}}, {});
  EXPECT_EQ(live(), "new");
}

TEST_F(RecoveryTest, restores_from_what_is_kept_without_asking_the_source) {
  update("v1", "one");
  update("v2", "two");
  const auto wanted = entry("v1", "one");
  source_.clear();
  EXPECT_TRUE(recovery().restore({{"a", wanted}}, {}).missing.empty());
  EXPECT_EQ(live(), "one");
}

TEST_F(RecoveryTest, does_nothing_for_what_is_live) {
  update("v1", "new");
  auto wanted = state()->live_at("a")->entry;
  EXPECT_TRUE(recovery().restore({{"a", wanted}}, {}).outcomes.empty());
}

TEST_F(RecoveryTest, adopts_content_that_is_live_already) {
  put_live("a", "new");
  const auto restored = recovery().restore({{"a", entry("v1", "new")}}, {});
  ASSERT_EQ(restored.outcomes.size(), 1U);
  EXPECT_EQ(restored.outcomes.front().kind, OutcomeKind::kUnchanged);
  EXPECT_EQ(state()->live_at("a")->entry.version, "v1");
}

TEST_F(RecoveryTest, leaves_content_that_was_asked_for_later) {
  const auto wanted = entry("v1", "one");
  update("v2", "two");
  recovery().restore({{"a", wanted}}, {});
  EXPECT_EQ(live(), "two");
}

TEST_F(RecoveryTest, names_what_is_missing_and_why) {
  const auto wanted = entry("v1", "new");
  source_.clear();
  const auto restored = recovery().restore({{"a", wanted}}, {});
  EXPECT_NE(restored.reason.at("a").message.find("404"), std::string::npos);
  EXPECT_TRUE(restored.outcomes.empty());
}

TEST_F(RecoveryTest, restores_the_rest_when_one_is_missing) {
  const results::Entries wanted{{"a", entry("v1", "one")}, {"b", entry("v1", "two")}};
  source_.erase(url_of("one"));
  recovery().restore(wanted, {});
  EXPECT_EQ(live("b"), "two");
}

TEST_F(RecoveryTest, gives_up_when_the_game_is_not_healthy_on_it) {
  put_live("a", "old");
  game_.health_error = Error{ErrorCode::kUpstream, "not healthy"};
  EXPECT_TRUE(recovery().restore({{"a", entry("v1", "new")}}, {}).given_up.contains("a"));
  EXPECT_EQ(live(), "old");
}

TEST_F(RecoveryTest, notifies_only_processes_from_before_the_content) {
  recovery().restore({{"a", entry("v1", "new")}}, {});
  ASSERT_EQ(game_.heard.size(), 1U);
  EXPECT_EQ(game_.heard.front().who, Audience::Who::kStartedBefore);
}

/// Who is notified by the start after one that died with the content live, once
/// `change` was made to what the journal says of when that was.
class Audiences : public PodTest {
 protected:
  Audience heard_after(const std::function<void(Intent&)>& change) {
    put_live("a", "old");
    files_.die(When::kAfter, "rename");
    EXPECT_THROW(update("v1", "new"), Died);
    start();
    auto intent = state()->intents.front();
    change(intent);
    ledger().drop_intent(intent.seq);
    EXPECT_TRUE(ledger().note_intent(intent));
    start();
    recovery().resolve_interrupted({});
    EXPECT_EQ(game_.heard.size(), 1U);
    return game_.heard.front();
  }
};

TEST_F(Audiences, are_processes_from_before_the_content) {
  const auto before = BootClock::now();
  const auto heard = heard_after([](Intent&) {});
  EXPECT_EQ(heard.who, Audience::Who::kStartedBefore);
  EXPECT_GE(heard.content_live_since, before);
  EXPECT_LE(heard.content_live_since, BootClock::now());
}

TEST_F(Audiences, have_the_processes_from_before_the_intent_though_the_clock_was_set) {
  const auto before = BootClock::now();
  const auto heard = heard_after([](Intent& intent) { intent.at->wall += std::chrono::hours(1); });
  EXPECT_GE(heard.content_live_since, before);
}

TEST_F(Audiences, have_nobody_of_a_later_boot) {
  const auto heard = heard_after([](Intent& intent) { intent.at->boot_id = "before"; });
  EXPECT_EQ(heard.content_live_since, BootTime::min());
}

TEST_F(Audiences, are_told_by_the_wall_clock_where_an_older_release_wrote_the_intent) {
  const auto before = BootClock::now();
  const auto heard = heard_after([](Intent& intent) { intent.at.reset(); });
  EXPECT_GE(heard.content_live_since, before);
  EXPECT_LE(heard.content_live_since, BootClock::now());
}

/// One update of the two paths "a" and "b": it is live when both of them are.
class TwoTargets : public PodTest {
 protected:
  /// With the intent of both; only `committed` went live before the process died.
  std::vector<Outcome> die_and_recover(const std::set<std::string>& committed) {
    put_live("a", "old a");
    put_live("b", "old b");
    auto a = prepare("a", "1");
    auto b = prepare("b", "2");
    EXPECT_TRUE(ledger().note_intent({1, {a.target(), b.target()}, false}));
    for (auto* each : {&a, &b})
      if (committed.contains(each->target().path)) publish(*each);
    start();
    return recovery().resolve_interrupted({});
  }

 private:
  void publish(Prepared& prepared) { EXPECT_TRUE(publisher().commit(prepared)); }
  Prepared prepare(const std::string& path, const std::string& name) {
    const auto text = "new " + path;
    auto file = content::StagedFile::create(
                    {files::Folder::open(settings_.state_dir / "staging").value(), name})
                    .value();
    EXPECT_TRUE(file.write(as_bytes(text)));
    auto content = content::StagedContent::verify(
        {std::move(file), {sha256_of(text), text.size()}, {}, {}}, "http://source", {}, {});
    return publisher()
        .prepare(std::move(*content), {path, {"v1", "http://source", sha256_of(text)}, name})
        .value();
  }
};

TEST_F(TwoTargets, are_finished_when_both_are_live) {
  const auto outcomes = die_and_recover({"a", "b"});
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes.front().kind, OutcomeKind::kSucceeded);
  EXPECT_EQ(state()->live_at("a")->entry.version, "v1");
  EXPECT_EQ(state()->live_at("b")->entry.version, "v1");
}

TEST_F(TwoTargets, are_both_reverted_when_only_the_first_is_live) {
  const auto outcomes = die_and_recover({"a"});
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes.front().kind, OutcomeKind::kFailed);
  EXPECT_EQ(live("a"), "old a");
  EXPECT_EQ(live("b"), "old b");
  EXPECT_TRUE(state()->intents.empty());
}

TEST_F(TwoTargets, are_both_reverted_when_only_the_second_is_live) {
  const auto outcomes = die_and_recover({"b"});
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes.front().kind, OutcomeKind::kFailed);
  EXPECT_EQ(live("a"), "old a");
  EXPECT_EQ(live("b"), "old b");
}

TEST_F(TwoTargets, are_failed_when_neither_is_live) {
  const auto outcomes = die_and_recover({});
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes.front().kind, OutcomeKind::kFailed);
  EXPECT_TRUE(state()->live.empty());
}

}  // namespace
}  // namespace okg::hot_update
