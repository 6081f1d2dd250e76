#include "api/update_id.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <random>

namespace okg::api {

std::string make_update_id(Timestamp requested_at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(requested_at).time_since_epoch();
  const std::time_t time = seconds.count();
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  std::array<char, 32> second{};
  std::strftime(second.data(), second.size(), "%Y%m%d-%H%M%S", &utc);
  std::array<char, 48> id{};
  std::snprintf(id.data(), id.size(), "%s-%08x", second.data(),
                static_cast<std::uint32_t>(std::random_device{}()));
  return id.data();
}

}  // namespace okg::api
