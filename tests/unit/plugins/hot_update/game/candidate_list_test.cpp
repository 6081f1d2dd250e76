#include "plugins/hot_update/game/candidate_list.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <string>

namespace okg::hot_update {
namespace {

process::Candidate nginx() {
  process::Candidate candidate;
  candidate.process.pid = 7;
  candidate.process.comm = "nginx";
  candidate.process.command_line = "nginx: master nginx";
  candidate.process.arguments = {"nginx: master nginx"};
  candidate.details.user = 101;
  candidate.details.container = "game";
  candidate.details.container_id = std::string(64, 'a');
  candidate.details.caught = 1U << unsigned(SIGHUP - 1);
  candidate.rank = 2;
  candidate.chosen = true;
  candidate.reason = "best";
  return candidate;
}

api::ListedProcess listed(const process::Candidate& candidate, int signal = SIGHUP) {
  return list_of({{candidate}, 1}, signal).at(0);
}

TEST(CandidateList, tells_what_is_known_of_a_process) {
  const api::ListedProcess expected{7,   "nginx", "nginx: master nginx",
                                    101, "game",  api::SignalHandling::kCaught,
                                    2,   true,    "best"};
  EXPECT_EQ(listed(nginx()), expected);
}

TEST(CandidateList, names_a_container_by_its_id_where_it_has_no_name) {
  auto candidate = nginx();
  candidate.details.container.clear();
  EXPECT_EQ(listed(candidate).container, std::string(64, 'a'));
}

TEST(CandidateList, gives_no_rank_to_one_that_is_only_near) {
  auto candidate = nginx();
  candidate.rank = 0;
  EXPECT_EQ(listed(candidate).rank, std::nullopt);
}

TEST(CandidateList, says_how_the_signal_is_handled) {
  using api::SignalHandling;
  process::Candidate candidate;
  EXPECT_EQ(listed(candidate).handling, SignalHandling::kNo);
  EXPECT_EQ(listed(candidate, 0).handling, SignalHandling::kNotSent);
  candidate.details.blocked = 1U << unsigned(SIGHUP - 1);
  EXPECT_EQ(listed(candidate).handling, SignalHandling::kBlocked);
  candidate.details.blocked = 0;
  candidate.details.ignored = 1U << unsigned(SIGHUP - 1);
  EXPECT_EQ(listed(candidate).handling, SignalHandling::kIgnored);
}

TEST(CandidateList, masks_secrets_and_cuts_long_command_lines) {
  auto candidate = nginx();
  candidate.process.arguments = {"game", "--password=s3cret", std::string(2000, 'x')};
  const auto line = listed(candidate).command_line;
  EXPECT_EQ(line.find("s3cret"), std::string::npos) << line;
  EXPECT_EQ(line.size(), 1024 + std::string("…").size());
}

}  // namespace
}  // namespace okg::hot_update
