// Members of JSON objects as clients read them:
// what is missing, or has another type, is empty.
#pragma once

#include <nlohmann/json.hpp>

#include "base/json_members.hpp"
#include "base/time/timestamp.hpp"

namespace okg::api {

using Json = nlohmann::ordered_json;

using okg::count_of;
using okg::flag_of;
using okg::member_of;
using okg::text_of;

inline Timestamp time_of(const Json& object, const char* key) {
  return parse_timestamp(text_of(object, key)).value_or(Timestamp{});
}

}  // namespace okg::api
