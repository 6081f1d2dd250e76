// The journal's shape of what this pod has heard of its orders. See docs/journal.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "plugins/hot_update/ledger/seen_orders.hpp"

namespace okg::hot_update {

// As ledger_json.hpp: a member that is missing or of another kind throws.

nlohmann::json to_json(const SeenOrders& orders);
SeenOrders seen_orders_of(const nlohmann::json& json);
// Lines that older releases skip.
nlohmann::json orders_line(const SeenOrders& orders);
nlohmann::json observed_line(std::string_view digest);

}  // namespace okg::hot_update
