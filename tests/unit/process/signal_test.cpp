#include "process/signal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.hpp"

namespace okg::process {
namespace {

using testing::HasSubstr;

int number(std::string_view text) { return parse_signal(text).value_or(-1); }
std::string fault(std::string_view text) {
  const auto signal = parse_signal(text);
  return signal ? "" : signal.error().message;
}
void nothing(int) {}
void exit_with_the_signal(int signal) { ::_exit(signal); }

TEST(ParseSignal, takes_a_name_with_or_without_sig_in_any_case) {
  for (const auto* text : {"SIGHUP", "HUP", "hup", "sighup", "SigHup"})
    EXPECT_EQ(number(text), SIGHUP) << text;
}

TEST(ParseSignal, takes_every_number_from_1_to_64) {
  for (int signal = 1; signal <= 64; ++signal) EXPECT_EQ(number(std::to_string(signal)), signal);
}

TEST(ParseSignal, refuses_other_numbers) {
  for (const auto* text : {"0", "65", "-1", "99999999999999999999"})
    EXPECT_EQ(fault(text),
              "'" + std::string(text) + "' is not a signal; signals have the numbers 1 to 64");
}

TEST(ParseSignal, takes_every_name_that_the_system_knows) {
  for (int signal = 1; signal < 32; ++signal)
    EXPECT_EQ(number(::sigabbrev_np(signal)), signal) << signal;
}

TEST(ParseSignal, takes_aliases) {
  EXPECT_EQ(number("IOT"), SIGABRT);
  EXPECT_EQ(number("SIGPOLL"), SIGIO);
  EXPECT_EQ(number("IO"), SIGIO);
  EXPECT_EQ(number("CLD"), SIGCHLD);
}

TEST(ParseSignal, takes_real_time_signals) {
  EXPECT_EQ(number("SIGRTMIN"), SIGRTMIN);
  EXPECT_EQ(number("rtmin+3"), SIGRTMIN + 3);
  EXPECT_EQ(number("SIGRTMAX-1"), SIGRTMAX - 1);
  EXPECT_EQ(number("RTMAX"), 64);
}

TEST(ParseSignal, refuses_real_time_signals_out_of_range) {
  for (const auto* text : {"SIGRTMIN+31", "SIGRTMAX-31", "SIGRTMIN-1", "SIGRTMAX+1", "SIGRTMIN+",
                           "SIGRTMIN+-1", "SIGRTMIN3"})
    EXPECT_THAT(fault(text), HasSubstr("real-time signals are SIGRTMIN to SIGRTMIN+30")) << text;
}

TEST(ParseSignal, names_the_one_that_was_meant) {
  EXPECT_EQ(fault("SIGHPU"), "'SIGHPU' is not a signal; did you mean SIGHUP?");
  EXPECT_EQ(fault("usr11"), "'usr11' is not a signal; did you mean SIGUSR1?");
}

TEST(ParseSignal, says_what_to_write_when_nothing_is_near) {
  for (const auto* text : {"", "SIG", "reload the game"})
    EXPECT_EQ(fault(text),
              "'" + std::string(text) + "' is not a signal; write one like SIGHUP or SIGUSR1");
}

TEST(SignalName, is_read_back_as_the_same_signal) {
  for (int signal = 1; signal < 32; ++signal) EXPECT_EQ(number(signal_name(signal)), signal);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
    EXPECT_EQ(number(signal_name(signal)), signal);
}

TEST(SignalName, prefers_the_usual_name) {
  EXPECT_EQ(signal_name(SIGABRT), "SIGABRT");
  EXPECT_EQ(signal_name(SIGCHLD), "SIGCHLD");
  EXPECT_EQ(signal_name(SIGRTMIN + 3), "SIGRTMIN+3");
  EXPECT_EQ(signal_name(99), "signal 99");
}

TEST(EndsAProcessByDefault, is_true_for_signals_that_games_catch_to_reload) {
  for (const int signal : {SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGIO, SIGPWR, SIGRTMIN, SIGRTMAX})
    EXPECT_TRUE(ends_a_process_by_default(signal)) << signal_name(signal);
}

TEST(EndsAProcessByDefault, is_false_for_signals_that_are_ignored_or_stop_or_continue) {
  for (const int signal : {SIGCHLD, SIGURG, SIGWINCH, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU})
    EXPECT_FALSE(ends_a_process_by_default(signal)) << signal_name(signal);
}

TEST(EndsAProcessByDefault, is_false_for_signals_that_are_sent_to_end_a_process_on_purpose) {
  for (const int signal : {SIGTERM, SIGKILL, SIGINT, SIGQUIT, SIGABRT})
    EXPECT_FALSE(ends_a_process_by_default(signal)) << signal_name(signal);
}

TEST(DispositionOf, tells_caught_ignored_blocked_and_default_apart) {
  const Child child([] {
    ::signal(SIGHUP, nothing);
    ::signal(SIGUSR1, SIG_IGN);
    ::signal(SIGRTMAX, nothing);
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR2);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
  });
  EXPECT_EQ(disposition_of(child.pid(), SIGHUP).value(), Disposition::kCaught);
  EXPECT_EQ(disposition_of(child.pid(), SIGRTMAX).value(), Disposition::kCaught);
  EXPECT_EQ(disposition_of(child.pid(), SIGUSR1).value(), Disposition::kIgnored);
  EXPECT_EQ(disposition_of(child.pid(), SIGUSR2).value(), Disposition::kBlocked);
  EXPECT_EQ(disposition_of(child.pid(), SIGALRM).value(), Disposition::kDefault);
}

TEST(DispositionOf, says_that_a_zombie_is_gone) {
  Child child([] {});
  child.end_and_leave_as_zombie();
  EXPECT_EQ(disposition_of(child.pid(), SIGHUP).error().code, ErrorCode::kNotFound);
}

TEST(DispositionOf, says_that_a_missing_process_is_gone) {
  EXPECT_EQ(disposition_of(42, SIGHUP, testing::TempDir()).error().code, ErrorCode::kNotFound);
}

TEST(DispositionOf, refuses_what_is_no_signal) {
  EXPECT_EQ(disposition_of(::getpid(), 0).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(disposition_of(::getpid(), 65).error().code, ErrorCode::kInvalid);
}

TEST(SendSignal, reaches_the_process) {
  Child child([] { ::signal(SIGUSR1, exit_with_the_signal); });
  const auto sent = send_signal(*read_process(child.pid()), SIGUSR1);
  ASSERT_TRUE(sent) << sent.error().message;
  const auto status = child.wait();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), SIGUSR1);
}

TEST(SendSignal, reaches_a_program) {
  auto child = Child::program({"/bin/sleep", "600"});
  ASSERT_TRUE(send_signal(*read_process(child.pid()), SIGHUP));
  const auto status = child.wait();
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGHUP);
}

TEST(SendSignal, spares_another_process_that_got_the_same_pid) {
  Child child([] {});
  auto meant = *read_process(child.pid());
  meant.start_ticks -= 1;
  const auto sent = send_signal(meant, SIGKILL);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(read_process(child.pid()));
}

TEST(SendSignal, says_that_a_reaped_process_is_gone) {
  Child child([] {});
  const auto process = *read_process(child.pid());
  ::kill(child.pid(), SIGKILL);
  child.wait();
  const auto sent = send_signal(process, SIGHUP);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(sent.error().message, HasSubstr("is gone"));
}

TEST(SendSignal, says_that_a_zombie_is_gone) {
  Child child([] {});
  const auto process = *read_process(child.pid());
  child.end_and_leave_as_zombie();
  EXPECT_EQ(send_signal(process, SIGHUP).error().code, ErrorCode::kNotFound);
}

TEST(SendSignal, names_both_users_and_the_cure_when_it_is_not_permitted) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root to become another user";
  const Child game([] {});
  const auto process = *read_process(game.pid());
  Child sidecar([&] {
    if (::setresuid(65532, 65532, 65532) != 0) ::_exit(2);
    const auto sent = send_signal(process, SIGHUP);
    const bool named = !sent && sent.error().code == ErrorCode::kForbidden &&
                       sent.error().message.find("as user 0 ") != std::string::npos &&
                       sent.error().message.find("as user 65532") != std::string::npos &&
                       sent.error().message.find("capability KILL") != std::string::npos;
    ::_exit(named ? 0 : 1);
  });
  const auto status = sidecar.wait();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(read_process(game.pid()));
}

TEST(SendSignal, reports_a_number_that_is_no_signal) {
  const Child child([] {});
  EXPECT_EQ(send_signal(*read_process(child.pid()), 99).error().code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace okg::process
