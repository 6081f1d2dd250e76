#include "plugins/hot_update/ledger/seen_orders_json.hpp"

#include "plugins/hot_update/ledger/numbers_json.hpp"

namespace okg::hot_update {
namespace {

using Json = nlohmann::json;

Json to_json(const SeenOrder& order) {
  Json json{{"text", order.text},
            {"by", order.by},
            {"time", time_json(order.time)},
            {"result", to_string(order.result)},
            {"version", order.version},
            {"sha256", order.sha256},
            {"reason", order.reason},
            {"message", order.message},
            {"at", time_json(order.at)}};
  if (order.is_overtaken) json["overtaken"] = true;
  if (const auto& was = order.previous)
    json["previous"] = {{"version", was->version}, {"url", was->url}, {"sha256", was->sha256}};
  return json;
}

SeenOrder seen_order_of(const Json& json) {
  SeenOrder order;
  order.text = json.at("text");
  order.by = json.at("by");
  order.time = time_of(json.at("time"));
  order.result = parse_order_result(json.at("result").get<std::string>())
                     .value_or(OrderResult::kFailed);  // a word of a newer release
  order.version = json.at("version");
  order.sha256 = json.at("sha256");
  order.reason = json.at("reason");
  order.message = json.at("message");
  order.at = time_of(json.at("at"));
  order.is_overtaken = json.value("overtaken", false);
  if (const auto was = json.find("previous"); was != json.end())
    order.previous = {was->at("version"), was->at("url"), was->at("sha256")};
  return order;
}

}  // namespace

Json to_json(const SeenOrders& orders) {
  Json paths = Json::object();
  for (const auto& [path, order] : orders.paths) paths[path] = to_json(order);
  return {{"paths", std::move(paths)}, {"malformed", orders.malformed}};
}

SeenOrders seen_orders_of(const Json& json) {
  SeenOrders orders;
  for (const auto& [path, order] : json.at("paths").items())
    orders.paths[path] = seen_order_of(order);
  orders.malformed = json.at("malformed").get<std::map<std::string, std::string>>();
  return orders;
}

Json orders_line(const SeenOrders& orders) {
  return {{"optional", true}, {"orders", to_json(orders)}};
}

Json observed_line(std::string_view digest) { return {{"optional", true}, {"observed", digest}}; }

}  // namespace okg::hot_update
