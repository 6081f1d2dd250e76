// A digest computed while bytes stream by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace okg {

enum class DigestAlgorithm {
  kSha256,      ///< 32 bytes: the identity of content
  kBlake2b512,  ///< 64 bytes: what minisign signs
  kSha512,      ///< 64 bytes: sources announce it
  kMd5,         ///< 16 bytes: sources announce it
};

/// The common part of all digests; Sha256Stream and
/// Blake2bStream return theirs as types of their own.
class DigestStream {
 public:
  explicit DigestStream(DigestAlgorithm algorithm);
  ~DigestStream();
  DigestStream(DigestStream&&) noexcept;
  DigestStream& operator=(DigestStream&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// Fills `digest`, which has to be of the algorithm's length.
  /// The stream is then at its beginning again.
  void finish_into(std::span<std::uint8_t> digest);
  void restart();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace okg
