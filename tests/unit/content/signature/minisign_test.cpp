#include "content/signature/minisign.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "content/signature/sample.hpp"
#include "limits/documented.hpp"

namespace okg::content::signature {
namespace {

// Made with minisign 0.11: minisign -S -H -t 'path=a version=v1', of the four bytes "text".
constexpr std::string_view kLegacy =
    "untrusted comment: signature from minisign secret key\n"
    "RWTIkGU/"
    "or4IkmpGfPWUd6VkDQ2XqhcrK630gYin4mIUmu8LJnUTTNxry58Wi5wTEyt75SsoHg+LDrokheI6JJLbWfFr99evTwE=\n"
    "trusted comment: path=a version=v1\n"
    "DYr+tDdEfOck/oCw3k2kdi5vEUtbcf/qvQ7oYsJoLFGJnSYzwHj0TIHx3teQGGNGnO7/+MUOa+/KL9wAQhefDQ==\n";

Blake2b digest_of_text(std::string_view text) {
  Blake2bStream stream;
  stream.update(std::as_bytes(std::span(text)));
  return stream.finish();
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kSignature);
  return text.replace(text.find(from), from.size(), to);
}

/// Empty when the signature holds.
std::string why_not(std::string_view text, std::string_view content = "text",
                    std::string_view key = kKey) {
  const auto signature = parse_signature(text);
  if (!signature) return signature.error().message;
  const Setting<std::vector<PublicKey>> keys{{parse_public_key(key).value()}, "publicKeyFiles"};
  const auto ok = verify(*signature, keys, digest_of_text(content));
  return ok ? "" : ok.error().message;
}

TEST(Minisign, takes_what_minisign_signed) {
  EXPECT_EQ(why_not(kSignature), "");
  EXPECT_EQ(parse_signature(kSignature)->trusted_comment, "path=a version=v1");
}

TEST(Minisign, is_the_same_without_the_untrusted_comment) {
  const auto text = to_text(parse_signature(kSignature).value());
  EXPECT_EQ(text.find("untrusted"), std::string::npos);
  EXPECT_EQ(why_not(text), "");
}

TEST(Minisign, refuses_other_content_another_key_and_another_comment) {
  EXPECT_EQ(why_not(kSignature, "tExt"), "the signature is of other content");
  EXPECT_EQ(why_not(kSignature, ""), "the signature is of other content");
  EXPECT_EQ(why_not(kSignature, "text", kOtherKey),
            "it was signed with a key that is none of publicKeyFiles");
  EXPECT_EQ(why_not(replaced("version=v1", "version=v2")),
            "the trusted comment was changed after it was signed");
}

TEST(Minisign, takes_a_signature_as_long_as_documented) {
  const auto most = limits::documented(".minisig file, public key file");
  const auto longer = [](std::size_t bytes) {
    return replaced("untrusted comment: ",
                    "untrusted comment: " + std::string(bytes - kSignature.size(), 'x'));
  };
  EXPECT_EQ(why_not(longer(most)), "");
  EXPECT_NE(why_not(longer(most + 1)).find("longer than 4 KiB"), std::string::npos);
}

TEST(Minisign, refuses_the_legacy_form) {
  EXPECT_NE(why_not(kLegacy).find("legacy form"), std::string::npos);
}

TEST(Minisign, refuses_every_beginning_and_every_changed_byte) {
  const auto end = kSignature.size() - 1;  // the last line feed may be missing
  for (std::size_t length = 0; length < end; ++length)
    EXPECT_NE(why_not(kSignature.substr(0, length)), "") << length;
  for (std::size_t at = kSignature.find('\n') + 1; at < end; ++at) {
    std::string text(kSignature);
    text[at] = text[at] == 'A' ? 'B' : 'A';
    EXPECT_NE(why_not(text), "") << at;
  }
}

TEST(Minisign, refuses_what_is_no_key) {
  for (const auto* text : {"", "untrusted comment: x\n", "RWQ=", "not base64 at all"})
    EXPECT_FALSE(parse_public_key(text)) << text;
  EXPECT_FALSE(parse_public_key(kSignature));
}

}  // namespace
}  // namespace okg::content::signature
