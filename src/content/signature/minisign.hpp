// minisign's files: public keys, and signatures in the prehashed form (ED). The legacy form (Ed)
// signs the content itself, which cannot be checked while it streams by, and is refused.
// @source https://jedisct1.github.io/minisign/#signature-format
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/setting.hpp"
#include "content/signature/blake2b.hpp"

namespace okg::content::signature {

using KeyId = std::array<std::uint8_t, 8>;
using RawSignature = std::array<std::uint8_t, 64>;

struct PublicKey {
  KeyId id{};
  std::array<std::uint8_t, 32> key{};
};

struct Signature {
  KeyId id{};
  RawSignature of_digest{};
  std::string trusted_comment;
  RawSignature of_comment{};  ///< of `of_digest` and the comment behind it
};

/// The error for a signature that does not hold: kRefused.
[[nodiscard]] Error refuse(const std::string& why);

/// A public key file, or the key's line alone. Errors: kInvalid.
[[nodiscard]] Result<PublicKey> parse_public_key(std::string_view text);
/// A .minisig file; its first line, the untrusted
/// comment, may be left out. Errors: kRefused.
[[nodiscard]] Result<Signature> parse_signature(std::string_view text);
/// The same without the untrusted comment: what is stored.
[[nodiscard]] std::string to_text(const Signature& signature);

/// Passes when one of the keys signed the content of this digest and the trusted comment.
/// Errors: kRefused.
Result<void> verify(const Signature& signature, const Setting<std::vector<PublicKey>>& keys,
                    const Blake2b& digest);

}  // namespace okg::content::signature
