#include "inherited.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <stdexcept>

namespace okg {

void drop_what_was_inherited() {
  // SIGKILL, SIGSTOP and the signals that libc keeps for itself refuse; they cannot be ignored.
  for (int signal = 1; signal <= SIGRTMAX; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::umask(022);
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  ::setenv("LC_ALL", "C", 1);
  for (const auto* proxy : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                            "no_proxy", "NO_PROXY"})
    ::unsetenv(proxy);
  ::close(STDIN_FILENO);
  if (::open("/dev/null", O_RDONLY) != STDIN_FILENO) throw std::runtime_error("open /dev/null");
}

namespace {

TEST(Inherited, signals_have_their_default_dispositions) {
  for (const int signal : {SIGHUP, SIGINT, SIGCHLD, SIGUSR1}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    EXPECT_EQ(action.sa_handler, SIG_DFL) << signal;
  }
}

TEST(Inherited, no_signal_is_blocked) {
  sigset_t blocked;
  ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_TRUE(::sigisemptyset(&blocked));
}

TEST(Inherited, the_umask_is_the_usual_one) {
  const mode_t mask = ::umask(022);
  EXPECT_EQ(mask, 022U);
}

TEST(Inherited, the_time_zone_is_utc) {
  const std::time_t epoch = 0;
  std::tm local{};
  ::localtime_r(&epoch, &local);
  EXPECT_EQ(local.tm_gmtoff, 0);
}

TEST(Inherited, the_locale_is_c) { EXPECT_STREQ(std::getenv("LC_ALL"), "C"); }

TEST(Inherited, no_proxy_is_set) { EXPECT_EQ(std::getenv("http_proxy"), nullptr); }

TEST(Inherited, standard_input_is_empty) {
  char byte = 0;
  EXPECT_EQ(::read(STDIN_FILENO, &byte, 1), 0);
}

// Runs the tests above in a process to which a hostile parent handed down all of it.
TEST(HandedDown, nothing_that_a_parent_hands_down_reaches_the_tests) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (const int signal : {SIGHUP, SIGINT, SIGCHLD, SIGUSR1}) ::signal(signal, SIG_IGN);
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    ::umask(0777);
    ::setenv("TZ", "Asia/Shanghai", 1);
    ::setenv("LC_ALL", "tr_TR.UTF-8", 1);
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    // In the child's own shard, all of them run.
    ::unsetenv("GTEST_TOTAL_SHARDS");
    ::unsetenv("GTEST_SHARD_INDEX");
    // Standard input that never ends: a terminal nobody types at.
    int ends[2];
    if (::pipe(ends) != 0 || ::dup2(ends[0], STDIN_FILENO) != STDIN_FILENO) ::_exit(126);
    ::execl("/proc/self/exe", "unit_tests", "--gtest_filter=Inherited.*", "--gtest_brief=1",
            nullptr);
    ::_exit(127);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace okg
