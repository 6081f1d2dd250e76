#include "base/digest/digest.hpp"

#include <openssl/evp.h>

#include <cstdlib>

#include "base/text/bytes.hpp"

namespace okg {
namespace {

const EVP_MD* method_of(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kSha256: return EVP_sha256();
    case DigestAlgorithm::kBlake2b512: return EVP_blake2b512();
    case DigestAlgorithm::kSha512: return EVP_sha512();
    case DigestAlgorithm::kMd5: return EVP_md5();
  }
  return nullptr;
}

/// EVP's calls fail only for want of memory or of the
/// algorithm itself; neither can be handled here.
void must(bool has_worked) {
  if (!has_worked) std::abort();
}

}  // namespace

struct DigestStream::Context {
  explicit Context(DigestAlgorithm algorithm) : method(method_of(algorithm)) {
    must(handle != nullptr);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(handle); }

  const EVP_MD* method;
  EVP_MD_CTX* handle = EVP_MD_CTX_new();
};

DigestStream::DigestStream(DigestAlgorithm algorithm)
    : context_(std::make_unique<Context>(algorithm)) {
  restart();
}
DigestStream::~DigestStream() = default;
DigestStream::DigestStream(DigestStream&&) noexcept = default;
DigestStream& DigestStream::operator=(DigestStream&&) noexcept = default;

void DigestStream::restart() {
  must(EVP_DigestInit_ex(context_->handle, context_->method, nullptr) == 1);
}

void DigestStream::update(std::span<const std::byte> bytes) {
  must(EVP_DigestUpdate(context_->handle, bytes.data(), bytes.size()) == 1);
}

void DigestStream::update(std::string_view text) { update(as_bytes(text)); }

void DigestStream::finish_into(std::span<std::uint8_t> digest) {
  must(static_cast<std::size_t>(EVP_MD_get_size(context_->method)) == digest.size());
  must(EVP_DigestFinal_ex(context_->handle, digest.data(), nullptr) == 1);
  restart();
}

}  // namespace okg
