#include "plugins/hot_update/ledger/seen_orders.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

TEST(OrderResultWord, is_read_back_as_it_was_written) {
  for (const auto result : {OrderResult::kPending, OrderResult::kWaiting, OrderResult::kSucceeded,
                            OrderResult::kUnchanged, OrderResult::kFailed, OrderResult::kCancelled,
                            OrderResult::kRolledBack, OrderResult::kSuperseded})
    EXPECT_EQ(parse_order_result(to_string(result)), result) << to_string(result);
}

TEST(OrderResultWord, is_none_of_another_release) {
  for (const auto* word : {"", "pending", "Held"}) EXPECT_FALSE(parse_order_result(word)) << word;
}

}  // namespace
}  // namespace okg::hot_update
