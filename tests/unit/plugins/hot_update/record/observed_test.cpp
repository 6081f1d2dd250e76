#include "plugins/hot_update/record/observed.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "limits/documented.hpp"

namespace okg::hot_update {
namespace {

SeenOrder order(OrderResult result) {
  SeenOrder seen{"digest", "me", Timestamp{}, result, "v2", std::string(64, 'a')};
  seen.previous = PreviousContent{"v1", "https://u:p@h/a?key=secret", std::string(64, 'b')};
  seen.at = Timestamp(std::chrono::seconds(1));
  return seen;
}

nlohmann::json said(const SeenOrders& orders) {
  return nlohmann::json::parse(observed_text(orders));
}

TEST(ObservedTest, is_empty_where_nothing_was_ordered) { EXPECT_EQ(observed_text({}), ""); }

TEST(ObservedTest, shows_no_secret_of_a_url) {
  SeenOrders orders;
  orders.paths["a"] = order(OrderResult::kFailed);
  orders.paths["a"].message = "https://u:p@h/a?key=secret: 404";
  EXPECT_EQ(observed_text(orders).find("secret"), std::string::npos);
  EXPECT_EQ(said(orders)["a"]["previous"]["url"], "https://***@h/a?key=***");
}

TEST(ObservedTest, says_less_of_many_paths_and_never_more_than_fits) {
  SeenOrders orders;
  std::size_t said_of = 0;
  const auto most = limits::documented("what a pod says of its orders (okg-sidecar.io/observed)");
  for (int count = 1; count <= 400; ++count) {
    orders.paths["path/" + std::to_string(count)] = order(OrderResult::kFailed);
    if (count % 54 != 1) continue;  // each is slow
    const auto text = observed_text(orders);
    ASSERT_LE(text.size(), most);
    const auto json = nlohmann::json::parse(text);
    ASSERT_EQ(json.at("path/1").at("result"), "Failed");
    if (json.size() == orders.paths.size()) said_of = json.size();
  }
  EXPECT_GT(said_of, 100U);
}

TEST(ObservedTest, cuts_words_and_not_the_whole_path) {
  SeenOrders orders;
  orders.paths["a"] = order(OrderResult::kFailed);
  orders.paths["a"].message = std::string(10'000, 'x');
  EXPECT_LT(said(orders)["a"]["message"].get<std::string>().size(), 300U);
}

TEST(ObservedTest, is_due_when_nothing_is_on_its_way_and_it_says_something_new) {
  LedgerState state;
  EXPECT_FALSE(is_observed_due(state));
  state.orders.paths["a"] = order(OrderResult::kPending);
  EXPECT_FALSE(is_observed_due(state));
  state.orders.paths["a"] = order(OrderResult::kWaiting);
  EXPECT_TRUE(is_observed_due(state));
  state.observed = observed_change(state)->digest;
  EXPECT_FALSE(is_observed_due(state));
  state.orders.paths.clear();
  ASSERT_TRUE(is_observed_due(state));
  EXPECT_EQ(observed_change(state)->text, "");
}

}  // namespace
}  // namespace okg::hot_update
