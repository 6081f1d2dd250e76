#include "plugins/hot_update/game/game_warnings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace okg::hot_update {
namespace {

using process::Candidate;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t bit_of(int signal) { return std::uint64_t{1} << (signal - 1); }

/// Processes that handle SIGHUP, which they are sent. No process has their pids.
class GameWarningsTest : public testing::Test {
 protected:
  GameWarningsTest() {
    settings_.signal.process_name = "game";
    settings_.signal.signal = SIGHUP;
  }
  Candidate& add() {
    Candidate candidate;
    candidate.process.pid = 2'000'000'000 + static_cast<pid_t>(ranking_.candidates.size());
    candidate.process.thread = candidate.process.pid;
    candidate.details.caught = bit_of(SIGHUP) | bit_of(SIGWINCH);
    candidate.chosen = true;
    return ranking_.candidates.emplace_back(candidate);
  }
  [[nodiscard]] std::vector<std::string> reasons() const {
    std::vector<std::string> reasons;
    for (const auto& each : warnings_about(settings_, ranking_)) reasons.push_back(each.reason);
    return reasons;
  }
  [[nodiscard]] std::string words() const {
    return warnings_about(settings_, ranking_).at(0).message;
  }

  Settings settings_;
  process::Ranking ranking_;
};

TEST_F(GameWarningsTest, are_none_of_one_process_that_handles_the_signal) {
  add();
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GameWarningsTest, tell_how_many_processes_match) {
  add();
  add();
  EXPECT_THAT(reasons(), ElementsAre("SeveralProcesses"));
  EXPECT_THAT(words(), HasSubstr("2 processes match"));
}

TEST_F(GameWarningsTest, count_only_those_that_were_chosen) {
  add();
  add().chosen = false;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GameWarningsTest, tell_of_one_whose_starter_has_ended) {
  add().origin = process::Origin::kUnknown;
  EXPECT_THAT(reasons(), ElementsAre("OrphanedProcess"));
  EXPECT_THAT(words(), HasSubstr(" matches, and who started it has ended"));
}

TEST_F(GameWarningsTest, tell_of_one_that_was_left_out_only_because_its_starter_has_ended) {
  add();
  auto& orphan = add();
  orphan.origin = process::Origin::kUnknown;
  orphan.chosen = false;
  EXPECT_THAT(reasons(), IsEmpty());
  orphan.is_rival = true;
  EXPECT_THAT(reasons(), ElementsAre("OrphanedProcess"));
  EXPECT_THAT(words(), HasSubstr(" was left out: who started it has ended"));
}

TEST_F(GameWarningsTest, tell_of_one_that_ignores_the_signal) {
  auto& game = add();
  game.details.caught = 0;
  game.details.ignored = bit_of(SIGHUP);
  EXPECT_THAT(reasons(), ElementsAre("SignalIgnored"));
  EXPECT_THAT(words(), HasSubstr(" ignores SIGHUP, "));
}

TEST_F(GameWarningsTest, tell_of_one_to_which_the_signal_does_nothing_by_default) {
  settings_.signal.signal = SIGWINCH;
  add().details.caught = 0;
  EXPECT_THAT(reasons(), ElementsAre("SignalIgnored"));
  EXPECT_THAT(words(), HasSubstr(" does not handle SIGWINCH, "));
}

TEST_F(GameWarningsTest, believe_a_game_whose_handlers_are_not_to_be_checked) {
  settings_.signal.signal = SIGWINCH;
  settings_.signal.check_handler = false;
  add().details.caught = 0;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GameWarningsTest, leave_it_to_the_notifier_that_a_signal_would_end_the_game) {
  add().details.caught = 0;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GameWarningsTest, do_not_ask_for_a_handler_where_no_signal_is_sent) {
  settings_.signal.signal = 0;
  add().details.ignored = bit_of(SIGHUP);
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GameWarningsTest, tell_of_one_that_is_stopped) {
  add().process.is_stopped = true;
  EXPECT_THAT(reasons(), ElementsAre("GameStopped"));
}

}  // namespace
}  // namespace okg::hot_update
