#include "process/handle.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "process/details.hpp"
#include "process/signal.hpp"

namespace okg::process {
namespace {

using Clock = std::chrono::steady_clock;

std::string name_of(const Process& process) {
  return "process " + std::to_string(process.pid) + " (" + process.comm + ")";
}

Error gone(const Process& process) {
  return fail(ErrorCode::kNotFound, Reason::kGameEnded, name_of(process), " is gone");
}

Error open_error(const Process& process, int error) {
  switch (error) {
    case ESRCH: return gone(process);
    case ENOSYS:
      return fail(ErrorCode::kInternal, Reason::kSignalNotPermitted, "cannot signal ",
                  name_of(process),
                  ": this kernel has no pidfd_open; Linux 5.3 or later is needed");
    // The kernel itself never answers this; older
    // seccomp profiles do for calls they do not know.
    case EPERM:
      return fail(ErrorCode::kForbidden, Reason::kSignalNotPermitted, "cannot signal ",
                  name_of(process), ": pidfd_open is not permitted, probably by a seccomp profile");
    default:
      return errno_error("pidfd_open of " + name_of(process), error)
          .because(Reason::kSignalNotPermitted);
  }
}

}  // namespace

Handle::Handle(Process process, unique_fd pidfd)
    : process_(std::move(process)), pidfd_(std::move(pidfd)) {}

Result<Handle> Handle::open(const Process& process, const std::filesystem::path& proc) {
  unique_fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!pidfd) return open_error(process, errno);
  // The descriptor now holds on to one process; its start
  // time says whether it is the one that was found.
  const auto same = read_process(process.pid, proc);
  if (!same || same->start_ticks != process.start_ticks) return gone(process);
  return Handle(process, std::move(pidfd));
}

Result<void> Handle::send(int signal, const std::filesystem::path& proc) const {
  if (::syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0) == 0) return {};
  if (errno == ESRCH) return gone(process_);
  if (errno != EPERM)
    return errno_error("send " + signal_name(signal) + " to " + name_of(process_), errno)
        .because(Reason::kSignalNotPermitted);
  const auto user = read_details(process_, proc).user;
  return fail(ErrorCode::kForbidden, Reason::kSignalNotPermitted, "not permitted to send ",
              signal_name(signal), " to ", name_of(process_), ": it runs as user ",
              (user ? std::to_string(*user) : "unknown"), " and the sidecar as user ", ::geteuid());
}

std::optional<std::size_t> wait_for_end(std::span<const Handle* const> handles,
                                        std::chrono::milliseconds duration,
                                        const std::stop_token& stop) {
  const unique_fd stopped(::eventfd(0, EFD_CLOEXEC));
  const std::stop_callback on_stop(stop, [&] { (void)::eventfd_write(stopped.get(), 1); });
  std::vector<pollfd> polled;
  for (const auto* each : handles) polled.push_back({each->descriptor(), POLLIN, 0});
  polled.push_back({stopped.get(), POLLIN, 0});
  const auto deadline = Clock::now() + duration;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const auto timeout = static_cast<int>(std::max<std::int64_t>(0, left.count()));
    const auto ready = ::poll(polled.data(), polled.size(), timeout);
    if (ready < 0 && errno == EINTR) continue;
    for (std::size_t i = 0; ready > 0 && i < handles.size(); ++i)
      if (polled[i].revents != 0) return i;
    return std::nullopt;
  }
}

}  // namespace okg::process
