#include "sidecar/process_setup.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/log.hpp"
#include "process/signal.hpp"

namespace okg::sidecar {

namespace {

/// The limit of open files is raised to this.
constexpr rlim_t kMaxDescriptors = 4096;

bool asks_to_stop(int signal) { return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT; }

/// Signals that reach a program unasked, and would end it.
sigset_t all_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM})
    sigaddset(&signals, each);
  for (int each = SIGRTMIN; each <= SIGRTMAX; ++each) sigaddset(&signals, each);
  return signals;
}

void say_ignored(const signalfd_siginfo& signal) {
  log::warn("signal ignored",
            {{"signal", process::signal_name(static_cast<int>(signal.ssi_signo))},
             {"senderPid", signal.ssi_pid},
             {"senderUser", signal.ssi_uid},
             {"hint",
              "the sidecar reads its configuration at a start alone; SIGTERM stops it, and "
              "the game is signalled by its own name"}});
}

}  // namespace

Result<Signals> Signals::block() {
  const auto signals = all_signals();
  if (const int failed = ::pthread_sigmask(SIG_BLOCK, &signals, nullptr); failed != 0)
    return errno_error("block signals", failed);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a write beyond RLIMIT_FSIZE fails with EFBIG instead
  unique_fd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return errno_error("signalfd", errno);
  return Signals(std::move(fd));
}

bool Signals::ask_to_stop() const {
  signalfd_siginfo signal{};
  while (::read(fd_.get(), &signal, sizeof signal) == sizeof signal) {
    if (asks_to_stop(static_cast<int>(signal.ssi_signo))) return true;
    say_ignored(signal);
  }
  return false;
}

void reap_as_init() {
  if (::getpid() == 1) ::signal(SIGCHLD, SIG_IGN);
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kMaxDescriptors) return;
  limit.rlim_cur = std::min(kMaxDescriptors, limit.rlim_max);
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace okg::sidecar
