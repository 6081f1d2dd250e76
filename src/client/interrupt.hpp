// Ctrl-C as a stop token: what waits ends at once, and says what goes on without it.
#pragma once

#include <stop_token>
#include <thread>

#include "base/io/unique_fd.hpp"

namespace okg::client {

/// Takes SIGINT, SIGTERM and SIGHUP of the process while it lives.
/// Made before other threads: they have to block these signals.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  unique_fd signals_;
  unique_fd end_;
  std::jthread thread_;
};

}  // namespace okg::client
