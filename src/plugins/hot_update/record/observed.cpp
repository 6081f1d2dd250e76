#include "plugins/hot_update/record/observed.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/digest/sha256.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/text/secret.hpp"
#include "base/time/timestamp.hpp"

namespace okg::hot_update {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kMaxMessageBytes = 256;

/// How much is said of each path.
enum class Detail {
  kAll,         ///< Everything.
  kNoPrevious,  ///< Not what was live before.
  kNoMessage,   ///< Nor why, in words.
  kResult,      ///< Who ordered which version, and what came of it.
};

void add(OrderedJson& json, const char* name, const std::string& value) {
  if (!value.empty()) json[name] = value;
}

OrderedJson json_of(const PreviousContent& previous) {
  auto json = OrderedJson::object();
  add(json, "version", previous.version);
  add(json, "url", redact_url(previous.url));
  add(json, "sha256", previous.sha256);
  return json;
}

OrderedJson json_of(const SeenOrder& order, Detail detail) {
  auto json = OrderedJson::object();
  add(json, "by", order.by);
  add(json, "version", order.version);
  if (detail != Detail::kResult) add(json, "sha256", order.sha256);
  json["result"] = to_string(order.result);
  add(json, "reason", order.reason);
  if (detail < Detail::kNoMessage)
    add(json, "message", shortened(redact(order.message), kMaxMessageBytes));
  if (detail < Detail::kNoPrevious && order.previous) json["previous"] = json_of(*order.previous);
  if (detail != Detail::kResult && order.at != Timestamp{}) json["at"] = format_timestamp(order.at);
  return json;
}

/// A malformed order changes nothing of the former one, of which the rest still holds.
OrderedJson json_of_malformed(OrderedJson json, const std::string& mistake, Detail detail) {
  if (!json.is_object()) json = OrderedJson::object();
  json["result"] = to_string(OrderResult::kFailed);
  json["reason"] = to_string(Reason::kInvalidField);
  if (detail < Detail::kNoMessage)
    json["message"] = shortened("malformed: " + redact(mistake), kMaxMessageBytes);
  return json;
}

OrderedJson json_of(const SeenOrders& orders, Detail detail) {
  auto json = OrderedJson::object();
  for (const auto& [path, mistake] : orders.malformed)
    json[path] = json_of_malformed(OrderedJson(), mistake, detail);
  for (const auto& [path, order] : orders.paths)
    json[path] = json.contains(path)
                     ? json_of_malformed(json_of(order, detail), orders.malformed.at(path), detail)
                     : json_of(order, detail);
  return json;
}

/// Keeps as many members of an object as the annotation may have bytes.
std::string first_that_fit(const OrderedJson& all) {
  std::string text = "{";
  for (const auto& [path, order] : all.items()) {
    const auto member = to_text(OrderedJson{{path, order}});  // with braces of its own
    if (text.size() + member.size() - 1 > kMaxObservedBytes) break;
    text.append(member, 1, member.size() - 2).push_back(',');
  }
  if (text.ends_with(',')) text.pop_back();
  return text + "}";
}

}  // namespace

std::string observed_text(const SeenOrders& orders) {
  if (orders.paths.empty() && orders.malformed.empty()) return {};
  constexpr std::array kDetails{Detail::kAll, Detail::kNoPrevious, Detail::kNoMessage,
                                Detail::kResult};
  for (const auto detail : kDetails)
    if (auto text = to_text(json_of(orders, detail)); text.size() <= kMaxObservedBytes) return text;
  return first_that_fit(json_of(orders, Detail::kResult));
}

std::optional<ObservedChange> observed_change(const LedgerState& state) {
  ObservedChange change{observed_text(state.orders), {}};
  if (!change.text.empty()) change.digest = sha256_of(change.text).hex();
  if (change.digest == state.observed) return std::nullopt;
  return change;
}

bool is_observed_due(const LedgerState& state) {
  const auto& paths = state.orders.paths;
  const bool is_one_on_its_way = std::ranges::any_of(
      paths, [](const auto& each) { return each.second.result == OrderResult::kPending; });
  return !is_one_on_its_way && observed_change(state).has_value();
}

}  // namespace okg::hot_update
