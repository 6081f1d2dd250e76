#include "content/signature/minisign.hpp"

#include "base/length_limits.hpp"
#include "base/text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/text/base64.hpp"

namespace okg::content::signature {
namespace {

constexpr std::string_view kUntrusted = "untrusted comment: ";
constexpr std::string_view kTrusted = "trusted comment: ";
constexpr std::array<std::uint8_t, 2> kEd25519{'E', 'd'};
constexpr std::array<std::uint8_t, 2> kPrehashed{'E', 'D'};

/// Lines without their ends, also where those are of Windows.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    auto line = take_until(text, "\n");
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::vector<std::string_view> without_comment(std::string_view text) {
  auto lines = lines_of(text);
  if (!lines.empty() && lines.front().starts_with(kUntrusted)) lines.erase(lines.begin());
  return lines;
}

Error no_signature(const std::string& why) {
  return refuse("it is no signature of minisign: " + why);
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

bool is_signed_by(const PublicKey& key, std::span<const std::uint8_t> message,
                  const RawSignature& signature) {
  const std::unique_ptr<EVP_PKEY, FreeKey> opened(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.key.data(), key.key.size()));
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  return opened && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, opened.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

std::vector<std::uint8_t> signed_comment(const Signature& signature) {
  std::vector<std::uint8_t> message(signature.of_digest.begin(), signature.of_digest.end());
  std::ranges::copy(signature.trusted_comment, std::back_inserter(message));
  return message;
}

}  // namespace

Error refuse(const std::string& why) {
  return fail(ErrorCode::kRefused, Reason::kSignatureInvalid, why);
}

Result<PublicKey> parse_public_key(std::string_view text) {
  const auto lines = without_comment(text);
  std::array<std::uint8_t, 42> bytes{};
  const bool is_key = lines.size() == 1 && decode_base64(lines.front(), bytes) &&
                      std::equal(kEd25519.begin(), kEd25519.end(), bytes.begin());
  if (!is_key)
    return fail(ErrorCode::kInvalid,
                "it is no public key of minisign; write the file that minisign -G made (.pub)");
  PublicKey key;
  std::copy_n(bytes.begin() + 2, key.id.size(), key.id.begin());
  std::copy_n(bytes.begin() + 10, key.key.size(), key.key.begin());
  return key;
}

Result<Signature> parse_signature(std::string_view text) {
  if (text.size() > kMaxSignatureBytes)
    return no_signature("it is longer than " + std::to_string(kMaxSignatureBytes >> 10U) + " KiB");
  const auto lines = without_comment(text);
  if (lines.size() != 3) return no_signature("it does not have the lines of one");
  std::array<std::uint8_t, 74> bytes{};
  if (!decode_base64(lines[0], bytes)) return no_signature("its first line is damaged");
  if (std::equal(kEd25519.begin(), kEd25519.end(), bytes.begin()))
    return no_signature("it is of the legacy form; sign with minisign -S -H");
  if (!std::equal(kPrehashed.begin(), kPrehashed.end(), bytes.begin()))
    return no_signature("it is of an unknown form");
  if (!lines[1].starts_with(kTrusted)) return no_signature("its trusted comment is missing");
  Signature signature;
  std::copy_n(bytes.begin() + 2, signature.id.size(), signature.id.begin());
  std::copy_n(bytes.begin() + 10, signature.of_digest.size(), signature.of_digest.begin());
  signature.trusted_comment = lines[1].substr(kTrusted.size());
  if (!decode_base64(lines[2], signature.of_comment))
    return no_signature("its last line is damaged");
  return signature;
}

std::string to_text(const Signature& signature) {
  std::vector<std::uint8_t> bytes(kPrehashed.begin(), kPrehashed.end());
  bytes.insert(bytes.end(), signature.id.begin(), signature.id.end());
  bytes.insert(bytes.end(), signature.of_digest.begin(), signature.of_digest.end());
  return encode_base64(bytes) + "\n" + std::string(kTrusted) + signature.trusted_comment + "\n" +
         encode_base64(signature.of_comment) + "\n";
}

Result<void> verify(const Signature& signature, const Setting<std::vector<PublicKey>>& keys,
                    const Blake2b& digest) {
  const auto key = std::ranges::find(keys.value, signature.id, &PublicKey::id);
  if (key == keys.value.end())
    return refuse(concat("it was signed with a key that is none of ", keys.key));
  if (!is_signed_by(*key, digest, signature.of_digest))
    return refuse("the signature is of other content");
  if (!is_signed_by(*key, signed_comment(signature), signature.of_comment))
    return refuse("the trusted comment was changed after it was signed");
  return {};
}

}  // namespace okg::content::signature
