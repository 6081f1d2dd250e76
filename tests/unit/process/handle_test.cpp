#include "process/handle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "child.hpp"

namespace okg::process {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

void exit_with_the_signal(int signal) { ::_exit(signal); }

Result<void> send(const Process& process, int signal) {
  auto handle = Handle::open(process);
  return handle ? handle->send(signal) : handle.error();
}

Handle handle_of(const Child& child) {
  return std::move(*Handle::open(*read_process(child.pid())));
}

TEST(Handle, reaches_the_process) {
  Child child([] { ::signal(SIGUSR1, exit_with_the_signal); });
  const auto sent = send(*read_process(child.pid()), SIGUSR1);
  ASSERT_TRUE(sent) << sent.error().message;
  const auto status = child.wait();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), SIGUSR1);
}

TEST(Handle, reaches_a_program) {
  auto child = Child::program({"/bin/sleep", "600"});
  ASSERT_TRUE(send(*read_process(child.pid()), SIGHUP));
  const auto status = child.wait();
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGHUP);
}

TEST(Handle, spares_another_process_that_got_the_same_pid) {
  Child child([] {});
  auto meant = *read_process(child.pid());
  meant.start_ticks -= 1;
  const auto sent = send(meant, SIGKILL);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(read_process(child.pid()));
}

TEST(Handle, says_that_a_reaped_process_is_gone) {
  Child child([] {});
  const auto process = *read_process(child.pid());
  ::kill(child.pid(), SIGKILL);
  child.wait();
  const auto sent = send(process, SIGHUP);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(sent.error().message, HasSubstr("is gone"));
}

TEST(Handle, says_that_a_zombie_is_gone) {
  Child child([] {});
  const auto process = *read_process(child.pid());
  child.end_and_leave_as_zombie();
  EXPECT_EQ(send(process, SIGHUP).error().code, ErrorCode::kNotFound);
}

TEST(Handle, names_both_users_when_it_is_not_permitted) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root to become another user";
  const Child game([] {});
  const auto process = *read_process(game.pid());
  Child sidecar([&] {
    if (::setresuid(65532, 65532, 65532) != 0) ::_exit(2);
    const auto sent = send(process, SIGHUP);
    const bool named = !sent && sent.error().code == ErrorCode::kForbidden &&
                       sent.error().message.find("as user 0 ") != std::string::npos &&
                       sent.error().message.find("as user 65532") != std::string::npos;
    ::_exit(named ? 0 : 1);
  });
  const auto status = sidecar.wait();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(read_process(game.pid()));
}

TEST(Handle, reports_a_number_that_is_no_signal) {
  const Child child([] {});
  EXPECT_EQ(send(*read_process(child.pid()), 99).error().code, ErrorCode::kInternal);
}

TEST(WaitForEnd, names_the_process_that_ends) {
  const Child lives([] {});
  Child ends([] {});
  const auto one = handle_of(lives);
  const auto other = handle_of(ends);
  ASSERT_TRUE(other.send(SIGKILL));
  const std::array handles{&one, &other};
  EXPECT_EQ(wait_for_end(handles, 10s, {}), 1U);
}

TEST(WaitForEnd, takes_its_time_when_nobody_ends) {
  const Child lives([] {});
  const auto one = handle_of(lives);
  const std::array<const Handle*, 1> handles{&one};
  const auto begun = Clock::now();
  EXPECT_EQ(wait_for_end(handles, 50ms, {}), std::nullopt);
  EXPECT_GE(Clock::now() - begun, 50ms);
}

TEST(WaitForEnd, looks_once_without_a_duration) {
  Child ends([] {});
  const auto one = handle_of(ends);
  ends.end_and_leave_as_zombie();
  const std::array<const Handle*, 1> handles{&one};
  EXPECT_EQ(wait_for_end(handles, 0ms, {}), 0U);
}

TEST(WaitForEnd, returns_at_once_when_it_is_stopped) {
  const Child lives([] {});
  const auto one = handle_of(lives);
  const std::array<const Handle*, 1> handles{&one};
  std::stop_source stop;
  stop.request_stop();
  const auto begun = Clock::now();
  EXPECT_EQ(wait_for_end(handles, 60s, stop.get_token()), std::nullopt);
  EXPECT_LT(Clock::now() - begun, 30s);
}

}  // namespace
}  // namespace okg::process
