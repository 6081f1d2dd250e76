// An answer without a known end: a producer
// writes it from any thread, one client reads it.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace okg::http {

/// Thread-safe. The producer keeps it in a shared_ptr beside the answer that carries it.
class BodyStream {
 public:
  /// `max_waiting_bytes`: what may wait for a slow
  /// client. Beyond that the stream is closed.
  explicit BodyStream(std::size_t max_waiting_bytes = 64UL * 1024)
      : max_waiting_bytes_(max_waiting_bytes) {}

  /// False when nothing more is sent: the client
  /// is gone or too slow, or the server stops.
  bool write(std::string_view bytes);
  /// Nothing more comes. What waits is still sent.
  void end();
  [[nodiscard]] bool is_closed() const;
  /// `on_close` is called once, on any thread, when close() is.
  void on_close(std::function<void()> on_close);

  /// For the server. `on_change` is called, on any
  /// thread, when take() has something to say.
  void attach(std::function<void()> on_change);
  struct Taken {
    std::string bytes;     ///< empty: nothing waits
    bool is_last = false;  ///< nothing comes after these bytes
  };
  [[nodiscard]] Taken take();
  /// Drops what waits. The producer sees it at its next write().
  void close();

 private:
  void notify();

  const std::size_t max_waiting_bytes_;
  mutable std::mutex mutex_;
  std::string waiting_;
  bool ended_ = false;   ///< by the producer
  bool closed_ = false;  ///< by the server, or by a client that is too slow
  std::function<void()> on_change_;
  std::function<void()> on_close_;
};

}  // namespace okg::http
