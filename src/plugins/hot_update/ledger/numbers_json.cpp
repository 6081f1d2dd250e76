#include "plugins/hot_update/ledger/numbers_json.hpp"

#include <stdexcept>

namespace okg::hot_update {

using Json = nlohmann::json;

std::uint64_t count_of(const Json& json) {
  if (!json.is_number_unsigned()) throw std::invalid_argument(json.dump() + " is not a count");
  return json;
}

std::int64_t number_of(const Json& json) {
  if (!json.is_number_integer())
    throw std::invalid_argument(json.dump() + " is not a whole number");
  return json;
}

Json time_json(Timestamp time) { return time.time_since_epoch().count(); }
Timestamp time_of(const Json& json) {
  return Timestamp(std::chrono::microseconds(number_of(json)));
}

}  // namespace okg::hot_update
