#include "content/signature/blake2b.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace okg::content::signature {

std::string hex_of(const Blake2b& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(digest.size() * 2);
  for (const unsigned byte : digest) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

std::optional<Blake2b> parse_blake2b(std::string_view hex) {
  Blake2b digest{};
  if (hex.size() != digest.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

// EVP's calls fail only for want of memory or of the algorithm itself; neither can be handled here.
struct Blake2bStream::Context {
  EVP_MD_CTX* handle = EVP_MD_CTX_new();
  Context() {
    if (handle == nullptr) std::abort();
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(handle); }
};

Blake2bStream::Blake2bStream() : context_(std::make_unique<Context>()) { restart(); }
Blake2bStream::~Blake2bStream() = default;
Blake2bStream::Blake2bStream(Blake2bStream&&) noexcept = default;
Blake2bStream& Blake2bStream::operator=(Blake2bStream&&) noexcept = default;

void Blake2bStream::restart() {
  if (EVP_DigestInit_ex(context_->handle, EVP_blake2b512(), nullptr) != 1) std::abort();
}

void Blake2bStream::update(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(context_->handle, bytes.data(), bytes.size()) != 1) std::abort();
}

Blake2b Blake2bStream::finish() {
  Blake2b digest{};
  unsigned length = 0;
  if (EVP_DigestFinal_ex(context_->handle, digest.data(), &length) != 1 || length != digest.size())
    std::abort();
  restart();
  return digest;
}

Result<Blake2b> blake2b_of(int fd, std::string_view what) {
  std::vector<std::byte> buffer(128 * 1024);
  Blake2bStream stream;
  for (off_t at = 0;;) {
    const auto got = ::pread(fd, buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read " + std::string(what), errno);
    if (got == 0) return stream.finish();
    stream.update(std::span(buffer).first(static_cast<std::size_t>(got)));
    at += got;
  }
}

}  // namespace okg::content::signature
