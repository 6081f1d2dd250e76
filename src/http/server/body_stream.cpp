#include "http/server/body_stream.hpp"

#include <utility>

namespace okg::http {

bool BodyStream::write(std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || closed_) return false;
    if (waiting_.size() + bytes.size() > max_waiting_bytes_) {
      closed_ = true;
      waiting_.clear();
    } else {
      waiting_.append(bytes);
    }
  }
  notify();
  return !is_closed();
}

void BodyStream::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  notify();
}

bool BodyStream::is_closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void BodyStream::attach(std::function<void()> on_change) {
  const std::lock_guard lock(mutex_);
  on_change_ = std::move(on_change);
}

BodyStream::Taken BodyStream::take() {
  const std::lock_guard lock(mutex_);
  return {std::exchange(waiting_, {}), ended_ || closed_};
}

void BodyStream::on_close(std::function<void()> on_close) {
  const std::lock_guard lock(mutex_);
  on_close_ = std::move(on_close);
}

void BodyStream::close() {
  std::function<void()> on_close;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    waiting_.clear();
    on_close = std::exchange(on_close_, nullptr);
  }
  notify();
  if (on_close) on_close();
}

void BodyStream::notify() {
  std::function<void()> on_change;
  {
    const std::lock_guard lock(mutex_);
    on_change = on_change_;
  }
  if (on_change) on_change();
}

}  // namespace okg::http
