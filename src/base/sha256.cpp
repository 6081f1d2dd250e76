#include "base/sha256.hpp"
#include "base/text.hpp"

#include <openssl/evp.h>

#include <cstdlib>

namespace okg {
Result<Sha256> Sha256::parse(std::string_view hex) {
  std::array<std::uint8_t, 32> bytes{};
  bool well_formed = hex.size() == 64;
  for (std::size_t i = 0; well_formed && i < bytes.size(); ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    well_formed = high >= 0 && low >= 0;
    if (well_formed) bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  if (!well_formed)
    return fail(ErrorCode::kInvalid,
                "'" + std::string(hex) + "' is not a SHA-256: write its 64 hexadecimal digits");
  return Sha256(bytes);
}

std::string Sha256::hex() const {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(2 * bytes_.size(), '0');
  auto* digit = text.data();
  for (const auto byte : bytes_) {
    *digit++ = kDigits[byte >> 4U];
    *digit++ = kDigits[byte & 15U];
  }
  return text;
}

// EVP's calls fail only for want of memory or of the
// algorithm itself; neither can be handled here.
struct Sha256Stream::Context {
  EVP_MD_CTX* handle = EVP_MD_CTX_new();
  Context() {
    if (handle == nullptr) std::abort();
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(handle); }
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) { restart(); }
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::restart() {
  if (EVP_DigestInit_ex(context_->handle, EVP_sha256(), nullptr) != 1) std::abort();
}

void Sha256Stream::update(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(context_->handle, bytes.data(), bytes.size()) != 1) std::abort();
}

Sha256 Sha256Stream::finish() {
  std::array<std::uint8_t, 32> bytes{};
  unsigned length = 0;
  if (EVP_DigestFinal_ex(context_->handle, bytes.data(), &length) != 1 || length != bytes.size())
    std::abort();
  restart();
  return Sha256(bytes);
}

}  // namespace okg
