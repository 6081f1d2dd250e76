#include "content/signature/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <vector>

namespace okg::content::signature {

std::string encode_base64(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP ends it with a NUL
  const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

bool decode_base64(std::string_view text, std::span<std::uint8_t> bytes) {
  if (text.size() != (bytes.size() + 2) / 3 * 4) return false;
  std::vector<std::uint8_t> padded(text.size() / 4 * 3);
  const auto length =
      EVP_DecodeBlock(padded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (length != static_cast<int>(padded.size())) return false;
  std::copy_n(padded.begin(), bytes.size(), bytes.begin());
  // EVP_DecodeBlock skips spaces and takes any padding: only the one spelling of these bytes is it.
  return encode_base64(bytes) == text;
}

}  // namespace okg::content::signature
