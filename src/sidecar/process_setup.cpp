#include "sidecar/process_setup.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace okg::sidecar {

Result<unique_fd> block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0)
    return errno_error("block SIGTERM", errno);
  ::signal(SIGPIPE, SIG_IGN);
  unique_fd fd(::signalfd(-1, &signals, SFD_CLOEXEC));
  if (!fd) return errno_error("signalfd", errno);
  return fd;
}

void reap_as_init() {
  if (::getpid() == 1) ::signal(SIGCHLD, SIG_IGN);
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= 4096) return;
  limit.rlim_cur = std::min<rlim_t>(4096, limit.rlim_max);
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace okg::sidecar
