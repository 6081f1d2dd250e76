#include "plugins/hot_update/ledger/seen_orders.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace okg::hot_update {
namespace {

constexpr std::array<std::pair<OrderResult, std::string_view>, 8> kWords{{
    {OrderResult::kPending, "Pending"},
    {OrderResult::kWaiting, "Waiting"},
    {OrderResult::kSucceeded, "Succeeded"},
    {OrderResult::kUnchanged, "Unchanged"},
    {OrderResult::kFailed, "Failed"},
    {OrderResult::kCancelled, "Cancelled"},
    {OrderResult::kRolledBack, "RolledBack"},
    {OrderResult::kSuperseded, "Superseded"},
}};

}  // namespace

std::string_view to_string(OrderResult result) {
  const auto* const found = std::find_if(kWords.begin(), kWords.end(),
                                         [&](const auto& each) { return each.first == result; });
  return found == kWords.end() ? std::string_view() : found->second;
}

std::optional<OrderResult> parse_order_result(std::string_view word) {
  const auto* const found = std::find_if(kWords.begin(), kWords.end(),
                                         [&](const auto& each) { return each.second == word; });
  if (found == kWords.end()) return std::nullopt;
  return found->first;
}

}  // namespace okg::hot_update
