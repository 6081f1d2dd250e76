// Events on the pod that nobody has written yet.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace okg::hot_update {

struct PodEvent {
  /// "UpdateSucceeded", "UpdateFailed", "UpdateRolledBack", "UpdateCancelled", "RestoreFailed".
  std::string reason;
  std::string note;
  bool is_warning = false;
};

/// The newest of them; older ones are dropped: more than
/// that wait only while the API server is away.
class WaitingEvents {
 public:
  void push(PodEvent event) {
    events_.push_back(std::move(event));
    if (events_.size() > kMax) events_.pop_front();
  }
  /// The oldest one that is left.
  std::optional<PodEvent> pop() {
    if (events_.empty()) return std::nullopt;
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

 private:
  static constexpr std::size_t kMax = 16;
  std::deque<PodEvent> events_;
};

}  // namespace okg::hot_update
