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
  kSha512,      ///< 64 bytes: of what sources say
  kMd5,         ///< 16 bytes: of what sources say
};

/// What all digests have in common; Sha256Stream and
/// Blake2bStream give theirs the type of its own.
class DigestStream {
 public:
  explicit DigestStream(DigestAlgorithm algorithm);
  ~DigestStream();
  DigestStream(DigestStream&&) noexcept;
  DigestStream& operator=(DigestStream&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// Fills `digest`, which has to be as long as the algorithm's
  /// are; the stream is then at its beginning again.
  void finish_into(std::span<std::uint8_t> digest);
  void restart();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace okg
