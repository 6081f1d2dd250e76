// Masks the secrets of text that is shown. Journal, latest
// and own entry keep the whole URL, because a restore has
// to read it; everything else shows the masked text.
#pragma once

#include <string>
#include <string_view>

namespace okg {

/// A URL without its userinfo, query values and fragment:
/// "https://u:p@h/a?X=1&Y#f" -> "https://***@h/a?X=***&***#***".
/// Text without "://" stays as it is.
[[nodiscard]] std::string redact_url(std::string_view url);

/// The same for every URL in a text: "GET https://h/a?k=1: 404"
/// -> "GET https://h/a?k=***: 404". A URL ends at white space,
/// a control character, one of "<>`, or a quote that closes it.
[[nodiscard]] std::string redact(std::string_view text);

}  // namespace okg
