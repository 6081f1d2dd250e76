// The orders that this pod has seen (see orders/), and
// what came of each. It outlives the sidecar in the journal,
// so that an order keeps the time at which it was first seen.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time/timestamp.hpp"

namespace okg::hot_update {

/// The outcome of an order.
enum class OrderResult {
  kPending,     ///< It has not ended.
  kWaiting,     ///< It is held back while the game has players.
  kSucceeded,   ///< Its content is live, and the game was notified.
  kUnchanged,   ///< Its content was live already.
  kFailed,      ///< What was live before it is live.
  kCancelled,   ///< Somebody cancelled it: what was live before it is live.
  kRolledBack,  ///< The game was not healthy on it: what was live before it is live again.
  kSuperseded,  ///< Something that was asked for later is live.
};
/// "Pending", "Waiting", …
[[nodiscard]] std::string_view to_string(OrderResult result);
/// Nothing for a word that is none of them.
[[nodiscard]] std::optional<OrderResult> parse_order_result(std::string_view word);

/// Content as the pod had it before an order.
struct PreviousContent {
  std::string version;
  std::string url;
  std::string sha256;  ///< hex; empty: not known
  bool operator==(const PreviousContent&) const = default;
};

/// One path of the order.
struct SeenOrder {
  std::string text;  ///< digest of what was ordered, hex: another one is another order
  std::string by;    ///< who ordered it, in the orderer's own words; empty: it is not the order's
  Timestamp time{};  ///< a request of a later time is left alone
  OrderResult result = OrderResult::kPending;
  std::string version{};
  std::string sha256{};   ///< hex; empty: nothing was fetched
  std::string reason{};   ///< a word of base/reason.hpp, or empty
  std::string message{};  ///< of what did not succeed, for people
  std::optional<PreviousContent> previous{};
  Timestamp at{};             ///< when `result` came
  bool is_overtaken = false;  ///< it is that of a call, which came later
  bool operator==(const SeenOrder&) const = default;
};

struct SeenOrders {
  std::map<std::string, SeenOrder> paths;
  /// Path -> the fault of its order. The empty path is the whole text.
  std::map<std::string, std::string> malformed;
  bool operator==(const SeenOrders&) const = default;
};

}  // namespace okg::hot_update
