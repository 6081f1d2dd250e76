#include "base/text/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace okg {

std::string encode_base64(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP ends it with a NUL
  const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string encode_base64(std::string_view text) {
  return encode_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                      reinterpret_cast<const unsigned char*>(text.data()),
                                      static_cast<int>(text.size()));
  if (length != static_cast<int>(bytes.size())) return std::nullopt;
  // OpenSSL decodes padding to bytes as well.
  const auto padding = text.size() - std::min(text.find_last_not_of('=') + 1, text.size());
  bytes.resize(bytes.size() - std::min(padding, bytes.size()));
  // It also skips spaces and takes any padding.
  if (encode_base64(bytes) != text) return std::nullopt;
  return bytes;
}

bool decode_base64(std::string_view text, std::span<std::uint8_t> bytes) {
  const auto decoded = decode_base64(text);
  if (!decoded || decoded->size() != bytes.size()) return false;
  std::ranges::copy(*decoded, bytes.begin());
  return true;
}

}  // namespace okg
