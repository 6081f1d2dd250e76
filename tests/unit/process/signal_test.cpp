#include "process/signal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

namespace okg::process {
namespace {

using testing::HasSubstr;

int number(std::string_view text) { return parse_signal(text).value_or(-1); }
std::string fault(std::string_view text) {
  const auto signal = parse_signal(text);
  return signal ? "" : signal.error().message;
}

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

TEST(EndsByDefault, is_true_for_signals_that_games_catch_to_reload) {
  for (const int signal : {SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGIO, SIGPWR, SIGRTMIN, SIGRTMAX})
    EXPECT_TRUE(ends_by_default(signal)) << signal_name(signal);
}

TEST(EndsByDefault, is_false_for_signals_that_are_ignored_or_stop_or_continue) {
  for (const int signal : {SIGCHLD, SIGURG, SIGWINCH, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU})
    EXPECT_FALSE(ends_by_default(signal)) << signal_name(signal);
}

TEST(IsSentToEnd, tells_ending_on_purpose_from_telling_something) {
  for (const int signal : {SIGTERM, SIGKILL, SIGINT, SIGQUIT, SIGABRT})
    EXPECT_TRUE(is_sent_to_end(signal)) << signal_name(signal);
  for (const int signal : {SIGHUP, SIGUSR1, SIGWINCH, SIGRTMIN})
    EXPECT_FALSE(is_sent_to_end(signal)) << signal_name(signal);
}

}  // namespace
}  // namespace okg::process
