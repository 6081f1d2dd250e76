// How often one peer may fail to say who it is.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace okg::auth {

/// A budget for each address, which refills within a minute. Thread-safe.
class FailureLimit {
 public:
  using Clock = std::chrono::steady_clock;

  explicit FailureLimit(std::size_t max_failures)
      : max_failures_(static_cast<double>(max_failures)) {}

  /// Takes one attempt. False when none is left: the credential is not even looked at.
  [[nodiscard]] bool take(const std::string& address, Clock::time_point now);
  /// The attempt was none: the credential was right, or nobody could tell.
  void give_back(const std::string& address);
  /// Until the next attempt is there.
  [[nodiscard]] std::chrono::seconds pause() const;

 private:
  struct Budget {
    double left;
    Clock::time_point since;
  };
  void make_room(Clock::time_point now);
  [[nodiscard]] double refilled(const Budget& budget, Clock::time_point now) const;

  const double max_failures_;
  std::mutex mutex_;
  std::map<std::string, Budget> budgets_;
};

/// The part of an address that counts:
/// a client of IPv6 has 2^64 of them.
[[nodiscard]] std::string network_of(const std::string& address);

}  // namespace okg::auth
