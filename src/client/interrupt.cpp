#include "client/interrupt.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdint>

namespace okg::client {

Interrupt::Interrupt() {
  sigset_t set;
  sigemptyset(&set);
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, each);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = unique_fd(::signalfd(-1, &set, SFD_CLOEXEC));
  end_ = unique_fd(::eventfd(0, EFD_CLOEXEC));
  thread_ = std::jthread([this] {
    std::array<pollfd, 2> waiting{{{signals_.get(), POLLIN, 0}, {end_.get(), POLLIN, 0}}};
    while (::poll(waiting.data(), waiting.size(), -1) < 0) {
    }
    if (waiting[0].revents != 0) source_.request_stop();
  });
}

Interrupt::~Interrupt() {
  const std::uint64_t one = 1;
  if (::write(end_.get(), &one, sizeof one) < 0) std::abort();  // an eventfd takes it
}

}  // namespace okg::client
