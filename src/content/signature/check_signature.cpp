#include "content/signature/check_signature.hpp"

#include <algorithm>
#include <utility>

#include "content/signature/claims.hpp"
#include "content/signature/minisign.hpp"
#include "content/signature/public_keys.hpp"

namespace okg::content::signature {
namespace {

Error invalid(const Error& error, std::string_view path) {
  return refuse("the signature of " + std::string(path) + ": " + error.message);
}

Error missing(std::string_view path, const Setting<bool>& required) {
  return refuse(concat(path, " has no signature, and ", required.key,
                       " is set; sign it, and put the .minisig "
                       "file beside it or send it in the field signature"));
}

Error unknown(std::string_view path) {
  return refuse(std::string(path) +
                " was live before signatures were verified; send it from its source again");
}

}  // namespace

Result<void> check(const Settings& settings, std::string_view text, const Signed& content) {
  if (text.empty() && !settings.required.value) return {};
  if (text.empty()) return missing(content.path, settings.required);
  const auto signature = parse_signature(text);
  if (!signature) return invalid(signature.error(), content.path);
  const auto digest = parse_blake2b(content.blake2b);
  if (!digest) return unknown(content.path);
  const auto keys = read_keys(settings.public_key_files);
  if (!keys)
    return fail(ErrorCode::kInternal, Reason::kSignatureInvalid,
                "no signature can be verified: ", keys.error().message);
  if (auto ok = verify(*signature, *keys, *digest); !ok) return invalid(ok.error(), content.path);
  const auto claims = parse_claims(signature->trusted_comment);
  if (!claims) return invalid(claims.error(), content.path);
  const Claims wanted{std::string(content.path), std::string(content.version), settings.workload};
  if (auto ok = check_claims(*claims, wanted); !ok) return invalid(ok.error(), content.path);
  return {};
}

Result<std::string> compact(std::string_view text) {
  const auto signature = parse_signature(text);
  if (!signature) return signature.error();
  return to_text(*signature);
}

std::string url_of_signature(std::string_view url) {
  const auto end = std::min(url.find_first_of("?#"), url.size());
  return std::string(url.substr(0, end)) + ".minisig" + std::string(url.substr(end));
}

}  // namespace okg::content::signature
