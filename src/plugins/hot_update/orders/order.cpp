#include "plugins/hot_update/orders/order.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/digest/sha256.hpp"
#include "base/json.hpp"
#include "base/text/visible.hpp"
#include "plugins/hot_update/orders/order_json.hpp"
#include "results/entry.hpp"

namespace okg::hot_update {
namespace {

std::string digest_of_fields(const api::Fields& fields) {
  return sha256_of(to_text(api::to_json(fields))).hex();
}

/// Takes a field out of `fields`; empty when it is not there.
std::string take(api::Fields& fields, const std::string& name) {
  auto field = fields.extract(name);
  return field ? std::move(field.mapped()) : std::string();
}

Result<void> read_by(api::Fields& fields, PathOrder& order) {
  order.by = take(fields, "by");
  if (order.by.size() <= kMaxByBytes) return {};
  return fail(ErrorCode::kInvalid, Reason::kInvalidField, "by is longer than ", kMaxByBytes,
              " bytes");
}

Result<void> read_requested_at(api::Fields& fields, PathOrder& order) {
  const auto text = take(fields, "requestedAt");
  if (text.empty()) return {};
  const auto time = parse_timestamp(text);
  if (!time) return time.error().in("requestedAt");
  if (results::is_too_far_ahead(*time, now()))
    return fail(ErrorCode::kInvalid, Reason::kInvalidField, "requestedAt ", text,
                " is in the future; leave it out, or give the time of now");
  order.requested_at = *time;
  return {};
}

/// Fields of a call that an order, which is a state, cannot have.
Result<void> check_names(const api::Fields& fields) {
  static constexpr std::array<const char*, 3> kOfCalls{"path", "wait", "force"};
  for (const auto* name : kOfCalls)
    if (fields.contains(name))
      return fail(ErrorCode::kInvalid, Reason::kUnknownField, name,
                  " has no place in an order; leave it out");
  return {};
}

Result<PathOrder> path_order(const std::string& path, const RawOrder& raw) {
  if (!raw.mistake.empty()) return fail(ErrorCode::kInvalid, raw.mistake);
  PathOrder order;
  order.digest = digest_of_fields(raw.fields);
  auto fields = raw.fields;
  if (auto ok = check_names(fields); !ok) return ok.error();
  if (auto ok = read_by(fields, order); !ok) return ok.error();
  if (auto ok = read_requested_at(fields, order); !ok) return ok.error();
  fields["path"] = path;
  const auto body = to_text(api::to_json(fields));
  auto request = api::parse_update({"application/json", "", body});
  if (!request) return request.error();
  order.request = std::move(*request);
  return order;
}

}  // namespace

Result<Order> parse_order(std::string_view text) {
  if (text.size() > kMaxOrderBytes)
    return fail(ErrorCode::kInvalid, "it is longer than ", kMaxOrderBytes >> 10U,
                " KiB; order fewer paths at once");
  Order parsed;
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return parsed;
  if (!is_utf8(text)) return fail(ErrorCode::kInvalid, "it is not UTF-8");
  const auto paths = read_order(text);
  if (!paths) return paths.error();
  for (const auto& [path, raw] : *paths) {
    auto order = path_order(path, raw);
    if (order)
      parsed.paths.emplace(path, std::move(*order));
    else
      parsed.malformed.emplace(path, order.error().message);
  }
  return parsed;
}

}  // namespace okg::hot_update
