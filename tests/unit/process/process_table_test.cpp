#include "process/process_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "child.hpp"
#include "temporary_folder.hpp"

namespace okg::process {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A /proc of our own.
class ProcessTable : public testing::Test {
 protected:
  void write(pid_t pid, std::string_view file, std::string_view text) {
    const auto path = proc_.path() / std::to_string(pid) / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  void add(pid_t pid, const std::string& comm, std::string_view command_line, char state = 'S',
           pid_t parent = 1) {
    write(pid, "stat",
          std::to_string(pid) + " (" + comm + ") " + state + " " + std::to_string(parent) +
              " 7 7 0 -1 4194560 100 0 0 0 1 2 3 4 20 0 1 0 4711 12345 678 18446744073709551615 1 "
              "1 0 0\n");
    write(pid, "cmdline", command_line);
    write(pid, "status",
          "Name:\tgame\nState:\tS (sleeping)\nUid:\t1000\t1001\t1002\t1003\nGid:\t5\t5\t5\t5\n");
  }
  std::vector<pid_t> pids() {
    std::vector<pid_t> all;
    for (const auto& process : read_process_table(proc_.path())) all.push_back(process.pid);
    return all;
  }

  tests::TemporaryFolder proc_;
};

using namespace std::string_view_literals;

TEST_F(ProcessTable, reads_every_field) {
  add(42, "server", "/opt/game/server\0--map\0one two\0"sv, 'S', 7);
  const auto process = read_process(42, proc_.path());
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ(process->pid, 42);
  EXPECT_EQ(process->parent, 7);
  EXPECT_EQ(process->comm, "server");
  EXPECT_EQ(process->command_line, "/opt/game/server --map one two");
  EXPECT_EQ(process->argv0_base, "server");
  EXPECT_EQ(process->start_ticks, 4711U);
  EXPECT_EQ(process->thread, 42);
  EXPECT_FALSE(process->has_terminal);
  EXPECT_THAT(process->arguments, ElementsAre("/opt/game/server", "--map", "one two"));
}

TEST_F(ProcessTable, reads_a_comm_with_spaces_and_parentheses) {
  add(42, "a) R 1 (b", "game"sv, 'S', 7);
  const auto process = read_process(42, proc_.path());
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ(process->comm, "a) R 1 (b");
  EXPECT_EQ(process->parent, 7);
  EXPECT_EQ(process->start_ticks, 4711U);
}

TEST_F(ProcessTable, trims_the_padding_that_a_changed_title_leaves_behind) {
  add(42, "nginx", "nginx: master process nginx -g daemon off;\0\0  \0\0"sv);
  EXPECT_EQ(read_process(42, proc_.path())->command_line,
            "nginx: master process nginx -g daemon off;");
}

TEST_F(ProcessTable, keeps_a_process_that_blanked_its_title) {
  add(42, "game", "\0 \0\0"sv);
  const auto process = read_process(42, proc_.path());
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ(process->command_line, "");
  EXPECT_EQ(process->comm, "game");
}

TEST_F(ProcessTable, reads_at_most_64_kib_of_a_command_line) {
  add(42, "game", std::string(100'000, 'x'));
  EXPECT_EQ(read_process(42, proc_.path())->command_line.size(), 64U * 1024);
}

TEST_F(ProcessTable, is_ordered_by_pid_and_ignores_what_is_no_process) {
  add(100, "b", "b"sv);
  add(9, "a", "a"sv);
  std::filesystem::create_directories(proc_.path() / "sys");
  std::filesystem::create_directories(proc_.path() / "12abc");
  proc_.write("uptime", "1 2\n");
  EXPECT_THAT(pids(), ElementsAre(9, 100));
}

TEST_F(ProcessTable, leaves_out_zombies_and_the_dead) {
  add(2, "zombie", "game"sv, 'Z');
  add(3, "dead", "game"sv, 'X');
  add(4, "alive", "game"sv, 'R');
  EXPECT_THAT(pids(), ElementsAre(4));
}

TEST_F(ProcessTable, keeps_a_process_whose_main_thread_has_ended_before_the_others) {
  add(42, "game", ""sv, 'Z');
  write(42, "stat", "42 (game) Z 7 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 4711 0 0\n");
  write(42, "task/42/cmdline", "");
  write(42, "task/44/cmdline", "/opt/game\0--map\0"sv);
  const auto process = read_process(42, proc_.path());
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ(process->command_line, "/opt/game --map");
  EXPECT_EQ(process->thread, 44);
  EXPECT_EQ(folder_of(*process, proc_.path()), proc_.path() / "42" / "task" / "44");
}

TEST_F(ProcessTable, leaves_out_a_zombie_of_several_threads_that_have_all_ended) {
  add(42, "game", ""sv, 'Z');
  write(42, "stat", "42 (game) Z 7 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 4711 0 0\n");
  write(42, "task/44/cmdline", "");
  EXPECT_THAT(pids(), IsEmpty());
}

TEST_F(ProcessTable, sees_a_terminal) {
  write(42, "stat", "42 (vim) S 7 7 7 34816 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0\n");
  write(42, "cmdline", "vim\0server.py\0"sv);
  EXPECT_TRUE(read_process(42, proc_.path())->has_terminal);
}

TEST_F(ProcessTable, sees_who_leads_the_session) {
  write(42, "stat", "42 (game) S 1 30 31 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0\n");
  write(42, "cmdline", "game\0"sv);
  EXPECT_EQ(read_process(42, proc_.path())->session, 31);
}

TEST_F(ProcessTable, sees_that_a_process_is_stopped) {
  for (const char state : {'T', 't', 'S', 'R', 'D'}) {
    add(42, "game", "game"sv, state);
    EXPECT_EQ(read_process(42, proc_.path())->is_stopped, state == 'T' || state == 't') << state;
  }
}

TEST_F(ProcessTable, sees_that_a_process_is_stopped_whose_main_thread_has_ended) {
  add(42, "game", ""sv, 'Z');
  write(42, "stat", "42 (game) Z 7 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 4711 0 0\n");
  write(42, "task/44/cmdline", "game\0"sv);
  write(42, "task/44/stat", "44 (game) T 7 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 4711 0 0\n");
  EXPECT_TRUE(read_process(42, proc_.path())->is_stopped);
}

TEST_F(ProcessTable, leaves_out_kernel_threads) {
  add(2, "kthreadd", ""sv);
  EXPECT_THAT(pids(), IsEmpty());
}

TEST_F(ProcessTable, skips_a_process_that_ends_while_it_is_read) {
  std::filesystem::create_directories(proc_.path() / "2");
  add(3, "game", "game"sv);
  std::filesystem::remove(proc_.path() / "3" / "cmdline");
  add(5, "game", "game"sv);
  EXPECT_THAT(pids(), ElementsAre(5));
}

TEST_F(ProcessTable, skips_a_process_whose_stat_is_cut_off) {
  write(2, "stat", "2 (game) S 1 2 3");
  write(3, "stat", "3 (game");
  EXPECT_THAT(pids(), IsEmpty());
}

TEST_F(ProcessTable, is_empty_without_a_proc) {
  EXPECT_THAT(read_process_table(proc_.path() / "missing"), IsEmpty());
}

TEST_F(ProcessTable, says_that_a_missing_process_is_gone) {
  const auto process = read_process(42, proc_.path());
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(process.error().message, "process 42 is gone");
}

TEST(RealProcess, finds_itself_in_the_table) {
  const auto table = read_process_table();
  const auto self = std::find_if(table.begin(), table.end(),
                                 [](const Process& process) { return process.pid == ::getpid(); });
  ASSERT_NE(self, table.end());
  EXPECT_EQ(self->parent, ::getppid());
}

TEST(RealProcess, reads_a_name_that_the_process_gave_itself) {
  const Child child([] { ::prctl(PR_SET_NAME, "a (b) c)"); });
  const auto process = read_process(child.pid());
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ(process->comm, "a (b) c)");
  EXPECT_EQ(process->parent, ::getpid());
}

TEST(RealProcess, reads_the_command_line_of_a_program) {
  const auto child = Child::program({"/bin/sleep", "600"});
  const auto process = read_process(child.pid());
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ(process->command_line, "/bin/sleep 600");
  EXPECT_EQ(process->argv0_base, "sleep");
  EXPECT_EQ(process->comm, "sleep");
}

TEST(RealProcess, counts_as_gone_once_it_is_a_zombie) {
  Child child([] {});
  child.end_and_leave_as_zombie();
  EXPECT_FALSE(read_process(child.pid()));
}

TEST(RealProcess, knows_when_it_started) {
  using namespace std::chrono_literals;
  const auto before = BootClock::now();
  const Child child([] {});
  const auto after = BootClock::now();
  const auto started = started_at(*read_process(child.pid()));
  EXPECT_GT(started, before - 10ms);  // a tick, cut off
  EXPECT_LE(started, after);
}

}  // namespace
}  // namespace okg::process
