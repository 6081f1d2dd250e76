#include "plugins/hot_update/ledger/seen_orders_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plugins/hot_update/ledger/seen_orders.hpp"

namespace okg::hot_update {
namespace {

SeenOrders orders() {
  SeenOrders orders;
  auto& seen = orders.paths["a"];
  seen.text = "digest";
  seen.by = "ops";
  seen.time = Timestamp(std::chrono::seconds(1));
  seen.result = OrderResult::kRolledBack;
  seen.version = "v2";
  seen.sha256 = "s";
  seen.reason = "GameNotHealthy";
  seen.message = "m";
  seen.previous = {"v1", "https://h/a", "t"};
  seen.at = Timestamp(std::chrono::seconds(2));
  seen.is_overtaken = true;
  orders.paths["b"];
  orders.malformed[""] = "no JSON";
  return orders;
}

TEST(SeenOrdersJson, are_read_back_as_they_were_written) {
  for (const auto& each : {orders(), SeenOrders()}) EXPECT_EQ(seen_orders_of(to_json(each)), each);
}

TEST(SeenOrdersJson, take_a_word_of_a_newer_release_for_a_failure) {
  auto json = to_json(orders());
  json["paths"]["a"]["result"] = "Held";
  EXPECT_EQ(seen_orders_of(json).paths.at("a").result, OrderResult::kFailed);
}

TEST(SeenOrdersJson, refuse_what_is_missing_or_of_another_kind) {
  for (const auto* each :
       {"text", "by", "time", "result", "version", "sha256", "reason", "message", "at"}) {
    auto json = to_json(orders());
    json["paths"]["a"].erase(each);
    EXPECT_ANY_THROW((void)seen_orders_of(json)) << each;
  }
  EXPECT_ANY_THROW((void)seen_orders_of({{"paths", nlohmann::json::object()}}));
}

TEST(SeenOrdersJson, stand_in_lines_that_older_releases_skip) {
  EXPECT_EQ(orders_line({}).dump(), R"({"optional":true,"orders":{"malformed":{},"paths":{}}})");
  EXPECT_EQ(observed_line("d").dump(), R"({"observed":"d","optional":true})");
}

}  // namespace
}  // namespace okg::hot_update
