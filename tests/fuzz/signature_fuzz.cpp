// What a .minisig file may be: nothing is taken of one that is not in its own, shortest form again,
// and nothing verifies that the key did not sign. The first byte of the input says what the rest
// is.
#include <string>
#include <string_view>
#include <vector>

#include "content/signature/claims.hpp"
#include "content/signature/minisign.hpp"
#include "fuzz.hpp"

namespace {

namespace signature = okg::content::signature;
using okg::fuzz::require;

constexpr std::string_view kKey = "RWTIkGU/or4IkklqrKlHLFPdVsK9pb8IdDROYK8b1Rhm7+hsXhssKBBC";

void check_signature(const std::string& text) {
  const auto parsed = signature::parse_signature(text);
  if (!parsed) return;
  const auto again = signature::parse_signature(signature::to_text(*parsed));
  require(again.has_value(), "what is stored can be read");
  require(signature::to_text(*again) == signature::to_text(*parsed), "it is stored the same");
  auto key = signature::parse_public_key(kKey).value();
  key.id = parsed->id;
  const okg::Setting<std::vector<signature::PublicKey>> keys{{key}};
  require(!signature::verify(*parsed, keys, {}), "this key has not signed that");
}

void check_claims(const std::string& comment) {
  const auto claims = signature::parse_claims(comment);
  if (!claims) return;
  require(!claims->path.empty() && !claims->version.empty(), "a path and a version are named");
  require(signature::check_claims(*claims, *claims).has_value(), "claims hold for themselves");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = std::string(okg::fuzz::text_of(data + 1, size - 1));
  switch (data[0] % 3) {
    case 0: check_signature(text); break;
    case 1: check_claims(text); break;
    default: (void)signature::parse_public_key(text); break;
  }
  return 0;
}
