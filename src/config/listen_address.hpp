// The address the HTTP server listens on, as it is written in config.yaml.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::config {

struct ListenAddress {
  std::string
      host;  ///< an IPv4 or IPv6 literal without brackets; empty: every address of the machine
  std::uint16_t port = 5000;
};

/// "5000", ":5000", "127.0.0.1:5000", "[::]:5000", "[::1]:0". Errors: kInvalid.
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace okg::config
