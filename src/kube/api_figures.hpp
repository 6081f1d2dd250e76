// Figures of all clients of the API server, for
// /metrics and to save repeated questions.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace okg::kube {

/// Thread-safe.
class ApiFigures {
 public:
  /// `status` 0: the request got no answer.
  void note_answer(int status) {
    const std::lock_guard lock(mutex_);
    ++answers_[status];
  }
  /// `name`: "NAMESPACE/NAME".
  void note_config_map(const std::string& name, std::uint64_t data_bytes) {
    const std::lock_guard lock(mutex_);
    config_maps_[name] = data_bytes;
  }
  /// `name`: "NAMESPACE/NAME".
  void note_pod(const std::string& name, const std::string& uid) {
    const std::lock_guard lock(mutex_);
    pods_[name] = uid;
  }
  /// Empty: no client has seen it.
  [[nodiscard]] std::string uid_of(const std::string& pod) const {
    const std::lock_guard lock(mutex_);
    const auto found = pods_.find(pod);
    return found == pods_.end() ? std::string() : found->second;
  }
  /// Status -> requests.
  [[nodiscard]] std::map<int, std::uint64_t> answers() const {
    const std::lock_guard lock(mutex_);
    return answers_;
  }
  /// "NAMESPACE/NAME" -> bytes of keys and values when it was last seen.
  [[nodiscard]] std::map<std::string, std::uint64_t> config_maps() const {
    const std::lock_guard lock(mutex_);
    return config_maps_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<int, std::uint64_t> answers_;
  std::map<std::string, std::uint64_t> config_maps_;
  std::map<std::string, std::string> pods_;  ///< their uids
};

}  // namespace okg::kube
