// One timer for all deadlines of the server.
#pragma once

#include <sys/timerfd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>

#include "base/error.hpp"
#include "http/server/io/asio.hpp"

namespace okg::http {

/// Asio's own timers wake an idle thread every five minutes;
/// this one wakes it only for a deadline. Thread-compatible.
/// @source boost/asio/detail/impl/epoll_reactor.ipp (get_timeout)
class Alarm {
 public:
  explicit Alarm(asio::io_context& context) : descriptor_(context) {}

  Result<void> open() {
    const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (fd < 0) return errno_error("timerfd_create", errno);
    descriptor_.assign(fd);
    return {};
  }
  void set(Clock::time_point time) {
    if (!descriptor_.is_open()) return;
    set_to_ = time;
    itimerspec spec{};
    if (time != kNever) {
      const auto since = time.time_since_epoch();
      spec.it_value.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(since).count();
      spec.it_value.tv_nsec = (since % std::chrono::seconds(1)).count();
    }
    timerfd_settime(descriptor_.native_handle(), TFD_TIMER_ABSTIME, &spec, nullptr);
  }
  void set_if_earlier(Clock::time_point time) {
    if (time < set_to_) set(time);
  }
  /// Ends the wait, now and for good.
  void close() {
    error_code ignored;
    descriptor_.close(ignored);
  }
  /// Ready again only after the next set().
  auto wait(error_code& error) {
    return descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, into(error));
  }

 private:
  asio::posix::stream_descriptor descriptor_;
  Clock::time_point set_to_ = kNever;
};

}  // namespace okg::http
