#include "plugins/hot_update/ledger/seen_orders.hpp"

#include "base/text/words.hpp"

namespace okg::hot_update {
namespace {

constexpr Word<OrderResult> kOrderResults[]{
    {OrderResult::kPending, "Pending"},       {OrderResult::kWaiting, "Waiting"},
    {OrderResult::kSucceeded, "Succeeded"},   {OrderResult::kUnchanged, "Unchanged"},
    {OrderResult::kFailed, "Failed"},         {OrderResult::kCancelled, "Cancelled"},
    {OrderResult::kRolledBack, "RolledBack"}, {OrderResult::kSuperseded, "Superseded"},
};

}  // namespace

std::string_view to_string(OrderResult result) { return word_of(result, kOrderResults); }

std::optional<OrderResult> parse_order_result(std::string_view word) {
  return value_of(word, kOrderResults);
}

}  // namespace okg::hot_update
