// The text of the annotation `okg-sidecar.io/desired`:
// what this pod should run, in an operator's words.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "base/time/timestamp.hpp"

namespace okg::hot_update {

/// Bound of the whole text.
inline constexpr std::size_t kMaxOrderBytes = std::size_t{8} << 10U;
/// Bound of `by`, which `observed` repeats.
inline constexpr std::size_t kMaxByBytes = 128;

/// The order of one path.
struct PathOrder {
  api::UpdateRequest request;
  std::string by;                           ///< who orders it, in the orderer's own words
  std::optional<Timestamp> requested_at{};  ///< when, as the orderer says
  std::string digest;                       ///< of all that it says, hex
};

struct Order {
  std::map<std::string, PathOrder> paths;
  std::map<std::string, std::string> malformed;  ///< path -> what is wrong with its order
};

/// `{"index.html":{"version":"v2","url":"https://…","sha256":"…","scope":"pod","by":"…",
/// "requestedAt":"2026-11-25T12:00:00Z"}}`: the fields of POST /hot-update
/// but `path`, `wait` and `force`, and the last two. White space alone is
/// no order. Errors: kInvalid, the text as a whole cannot be read.
[[nodiscard]] Result<Order> parse_order(std::string_view text);

}  // namespace okg::hot_update
