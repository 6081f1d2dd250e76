#include "process/find.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okg::process {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr pid_t kSelf = 500;

Process make(pid_t pid, pid_t parent, std::string comm, std::string command_line) {
  Process process;
  process.pid = pid;
  process.parent = parent;
  process.comm = std::move(comm);
  const auto argv0 = command_line.substr(0, command_line.find(' '));
  process.argv0_base = argv0.substr(argv0.rfind('/') + 1);
  process.command_line = std::move(command_line);
  return process;
}

std::vector<pid_t> found(const std::vector<Process>& table, std::string_view name) {
  std::vector<pid_t> pids;
  for (const auto& process : find_main_processes(table, name, kSelf)) pids.push_back(process.pid);
  return pids;
}

std::vector<Process> nginx_pod() {
  return {make(1, 0, "pause", "/pause"),
          make(7, 1, "nginx", "nginx: master process nginx -g daemon off;"),
          make(30, 7, "nginx", "nginx: worker process"),
          make(31, 7, "nginx", "nginx: worker process"),
          make(kSelf, 1, "okg-sidecar", "/okg-sidecar run")};
}

TEST(FindMainProcess, finds_the_nginx_master_by_the_users_process_name) {
  EXPECT_THAT(found(nginx_pod(), "nginx: master process nginx"), ElementsAre(7));
}

TEST(FindMainProcess, finds_the_nginx_master_and_not_its_workers_by_nginx) {
  EXPECT_THAT(found(nginx_pod(), "nginx"), ElementsAre(7));
}

TEST(FindMainProcess, finds_every_worker_when_workers_are_named) {
  EXPECT_THAT(found(nginx_pod(), "nginx: worker process"), ElementsAre(30, 31));
}

TEST(FindMainProcess, finds_both_of_two_masters_ordered_by_pid) {
  auto table = nginx_pod();
  table.insert(table.begin(), make(90, 1, "nginx", "nginx: master process nginx -c other"));
  EXPECT_THAT(found(table, "nginx"), ElementsAre(7, 90));
}

TEST(FindMainProcess, prefers_an_equal_command_line_to_everything) {
  EXPECT_THAT(found({make(2, 1, "game", "/bin/game --map"), make(3, 1, "other", "game"),
                     make(4, 1, "x", "game two")},
                    "game"),
              ElementsAre(3));
}

TEST(FindMainProcess, prefers_the_programs_name_to_the_beginning_of_the_command_line) {
  EXPECT_THAT(found({make(2, 1, "sh", "game-wrapper x"), make(3, 1, "thread-1", "/opt/game -x"),
                     make(4, 1, "game", "./run")},
                    "game"),
              ElementsAre(3, 4));
}

TEST(FindMainProcess, prefers_the_beginning_of_the_command_line_to_its_middle) {
  EXPECT_THAT(
      found({make(2, 1, "sh", "sh -c game-server"), make(3, 1, "g", "game-server -x")}, "game"),
      ElementsAre(3));
}

TEST(FindMainProcess, takes_a_match_in_the_middle_when_there_is_no_better_one) {
  EXPECT_THAT(found({make(2, 1, "java", "java -jar game.jar"), make(3, 1, "sh", "sh")}, "game.jar"),
              ElementsAre(2));
}

TEST(FindMainProcess, drops_a_child_only_for_a_parent_of_the_same_rank) {
  EXPECT_THAT(found({make(2, 1, "sh", "sh -c /opt/game"), make(3, 2, "game", "/opt/game")}, "game"),
              ElementsAre(3));
}

TEST(FindMainProcess, keeps_a_grandchild_whose_parent_does_not_match) {
  EXPECT_THAT(
      found({make(2, 1, "game", "game a"), make(3, 2, "sh", "sh"), make(4, 3, "game", "game b")},
            "game"),
      ElementsAre(2, 4));
}

TEST(FindMainProcess, never_finds_itself_or_what_it_started) {
  const std::vector<Process> table{make(kSelf, 1, "okg-sidecar", "okg-sidecar --for game"),
                                   make(501, kSelf, "sh", "sh -c x"),
                                   make(502, 501, "game", "game")};
  EXPECT_THAT(found(table, "game"), IsEmpty());
}

TEST(FindMainProcess, is_not_misled_by_a_stricter_match_among_its_own_children) {
  EXPECT_THAT(found({make(501, kSelf, "game", "game"), make(9, 1, "sh", "sh game")}, "game"),
              ElementsAre(9));
}

TEST(FindMainProcess, comes_to_an_end_when_parents_make_a_circle) {
  EXPECT_THAT(found({make(2, 3, "a", "a"), make(3, 2, "b", "b")}, "a"), ElementsAre(2));
}

TEST(FindMainProcess, finds_nothing_for_a_name_that_nobody_has) {
  EXPECT_THAT(found(nginx_pod(), "apache"), IsEmpty());
}

TEST(FindMainProcess, finds_nothing_for_an_empty_name) {
  EXPECT_THAT(found(nginx_pod(), ""), IsEmpty());
}

TEST(FindMainProcess, minds_the_case) { EXPECT_THAT(found(nginx_pod(), "NGINX"), IsEmpty()); }

}  // namespace
}  // namespace okg::process
