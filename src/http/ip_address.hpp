// IP addresses and ranges of them, in one form whatever way they were written.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace okg::http {

/// One address. An IPv4 address and its IPv6-mapped form (::ffff:a.b.c.d) are the same.
class IpAddress {
 public:
  /// "10.0.0.1" or "fe80::1": what inet_pton takes.
  /// Nothing for other text, and for host names.
  static std::optional<IpAddress> parse(std::string_view text);
  /// A host of a URL, also as inet_aton takes it:
  /// "0xa9fea9fe", "2852039166", "169.254.43518", "[::1]",
  /// each with or without a dot behind it. Nothing for names.
  static std::optional<IpAddress> parse_host(std::string_view host);
  /// The address of a socket; nothing for other families.
  static std::optional<IpAddress> of(const sockaddr& address);

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_loopback() const;
  /// IPv4 addresses that a router may turn this IPv6 address
  /// into: those of NAT64, 6to4, Teredo, ISATAP and the
  /// compatible and translated forms. None of an IPv4 address.
  /// @source RFC 4291 2.5.5.1, RFC 2765 2.1, RFC 6052 2.2, RFC 8215, RFC 3056, RFC 4380, RFC 5214
  [[nodiscard]] std::vector<IpAddress> embedded() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  static IpAddress of_v4(const std::uint8_t* four);
  [[nodiscard]] bool begins_with(std::initializer_list<std::uint8_t> bytes) const;

  std::array<std::uint8_t, 16> bytes_{};
};

/// The addresses that begin with the same bits: "10.0.0.0/8", "fd00::/8", or one address.
class IpRange {
 public:
  /// Errors: kInvalid.
  static Result<IpRange> parse(std::string_view text);
  /// Never between IPv4 and IPv6: ::/0 holds no IPv4 address.
  [[nodiscard]] bool contains(const IpAddress& address) const;

 private:
  IpAddress first_;
  unsigned bits_ = 128;
};

}  // namespace okg::http
