#include "auth/failure_limit.hpp"

#include "base/find.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>

namespace okg::auth {
namespace {

constexpr std::chrono::seconds kRefill{60};
constexpr std::size_t kMaxAddresses = 4096;
constexpr std::size_t kNetworkBytes = 8;

}  // namespace

double FailureLimit::refilled(const Budget& budget, Clock::time_point now) const {
  const std::chrono::duration<double> passed = now - budget.since;
  return std::min(max_failures_, budget.left + max_failures_ * (passed / kRefill));
}

/// Addresses that have all of their budget again need no entry. Where an
/// attacker has more addresses than that, the first one is forgiven.
void FailureLimit::make_room(Clock::time_point now) {
  if (budgets_.size() < kMaxAddresses) return;
  std::erase_if(budgets_,
                [&](const auto& each) { return refilled(each.second, now) >= max_failures_; });
  if (budgets_.size() >= kMaxAddresses) budgets_.erase(budgets_.begin());
}

bool FailureLimit::take(const std::string& address, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto network = network_of(address);
  if (!budgets_.contains(network)) make_room(now);
  auto& budget = budgets_.try_emplace(network, Budget{max_failures_, now}).first->second;
  budget = {refilled(budget, now), now};
  if (budget.left < 1) return false;
  budget.left -= 1;
  return true;
}

void FailureLimit::give_back(const std::string& address) {
  const std::lock_guard lock(mutex_);
  auto* budget = value_at(budgets_, network_of(address));
  if (budget != nullptr) budget->left = std::min(max_failures_, budget->left + 1);
}

std::chrono::seconds FailureLimit::pause() const {
  return std::max(std::chrono::seconds(1),
                  std::chrono::ceil<std::chrono::seconds>(std::chrono::duration<double>(kRefill) /
                                                          max_failures_));
}

std::string network_of(const std::string& address) {
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), &bytes) != 1) return address;
  return {reinterpret_cast<const char*>(&bytes), kNetworkBytes};
}

}  // namespace okg::auth
