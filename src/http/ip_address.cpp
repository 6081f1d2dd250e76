#include "http/ip_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "base/text/visible.hpp"

namespace okg::http {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

IpAddress IpAddress::of_v4(const std::uint8_t* four) {
  IpAddress address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes_.begin());
  std::copy(four, four + 4, address.bytes_.begin() + kMapped.size());
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text);
  std::array<std::uint8_t, 4> four{};
  if (::inet_pton(AF_INET, copy.c_str(), four.data()) == 1) return of_v4(four.data());
  IpAddress address;
  if (::inet_pton(AF_INET6, copy.c_str(), address.bytes_.data()) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::parse_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    return parse(host.substr(0, host.find('%')));
  }
  while (host.ends_with('.')) host.remove_suffix(1);
  if (const auto address = parse(host)) return address;
  in_addr four{};
  if (host.empty() || ::inet_aton(std::string(host).c_str(), &four) == 0) return std::nullopt;
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), &four, bytes.size());
  return of_v4(bytes.data());
}

std::optional<IpAddress> IpAddress::of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> four{};
    std::memcpy(four.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
    return of_v4(four.data());
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  IpAddress made;
  std::memcpy(made.bytes_.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 16);
  return made;
}

bool IpAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

bool IpAddress::is_loopback() const {
  static const auto kLoopback = *parse("::1");
  return is_v4() ? bytes_[12] == 127 : *this == kLoopback;
}

bool IpAddress::begins_with(std::initializer_list<std::uint8_t> bytes) const {
  return std::equal(bytes.begin(), bytes.end(), bytes_.begin());
}

std::vector<IpAddress> IpAddress::embedded() const {
  std::vector<IpAddress> found;
  if (is_v4()) return found;
  const auto& b = bytes_;
  const auto note = [&](std::array<std::uint8_t, 4> four) { found.push_back(of_v4(four.data())); };
  const std::array<std::uint8_t, 4> last{b[12], b[13], b[14], b[15]};
  const auto zeros = std::ranges::find_if(b, [](auto byte) { return byte != 0; });
  const bool is_compatible = zeros - b.begin() >= 12 && (b[12] | b[13]) != 0;
  const bool is_translated = begins_with({0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0});
  const bool is_isatap = (b[8] & 0xfdU) == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe;
  if (is_compatible || is_translated || is_isatap) note(last);
  if (begins_with({0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) note(last);
  if (begins_with({0, 0x64, 0xff, 0x9b, 0, 1})) {
    note(last);
    note({b[6], b[7], b[9], b[10]});    // a prefix of 48 bits
    note({b[7], b[9], b[10], b[11]});   // of 56
    note({b[9], b[10], b[11], b[12]});  // of 64
  }
  if (begins_with({0x20, 0x02})) note({b[2], b[3], b[4], b[5]});
  if (begins_with({0x20, 0x01, 0, 0})) {
    note({b[4], b[5], b[6], b[7]});
    const auto inverted = [](std::uint8_t byte) { return static_cast<std::uint8_t>(~byte); };
    note({inverted(b[12]), inverted(b[13]), inverted(b[14]), inverted(b[15])});
  }
  return found;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto size = static_cast<socklen_t>(text.size());
  return is_v4() ? ::inet_ntop(AF_INET, bytes_.data() + kMapped.size(), text.data(), size)
                 : ::inet_ntop(AF_INET6, bytes_.data(), text.data(), size);
}

Result<IpRange> IpRange::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  const bool is_v4 = address && text.find(':') == std::string_view::npos;
  const unsigned max_bits = is_v4 ? 32 : 128;
  const auto bits = slash == std::string_view::npos ? std::optional(max_bits)
                                                    : parse_whole<unsigned>(text.substr(slash + 1));
  if (!address || !bits || *bits > max_bits)
    return fail(ErrorCode::kInvalid, "'", visible(text),
                "' is no IP address or range of them; write it like "
                "10.0.0.0/8, 127.0.0.1 or fd00::/8");
  IpRange range;
  range.first_ = *address;
  range.bits_ = *bits + 128 - max_bits;
  return range;
}

bool IpRange::contains(const IpAddress& address) const {
  if (first_.is_v4() != address.is_v4()) return false;
  const auto& a = first_.bytes();
  const auto& b = address.bytes();
  const auto whole = bits_ / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const auto rest = bits_ % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

}  // namespace okg::http
