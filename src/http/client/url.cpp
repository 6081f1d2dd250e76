#include "http/client/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "base/text/secret.hpp"

namespace okg::http {
namespace {

struct Cleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Handle = std::unique_ptr<CURLU, Cleanup>;

Handle make_handle() {
  Handle handle(curl_url());
  if (!handle) std::abort();
  return handle;
}

/// Empty when there is none.
std::string part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
  return text;
}

void set(CURLU* url, CURLUPart what, const std::string& text) {
  curl_url_set(url, what, text.empty() ? nullptr : text.c_str(), 0);
}

constexpr const char* kSchemes = "only http and https are fetched";

constexpr const char* kBadHost =
    "no host is called that; in a user or password, write @ as %40 and / as %2F";

/// libcurl knows other schemes where it is built with them.
const char* reason_of(CURLUcode code) {
  if (code == CURLUE_BAD_HOSTNAME) return kBadHost;
  return code == CURLUE_UNSUPPORTED_SCHEME ? kSchemes : curl_url_strerror(code);
}

Error unreadable(std::string_view text, const char* why) {
  return fail(ErrorCode::kInvalid, Reason::kInvalidField, "url '", redact_url(text),
              "' cannot be read: ", why);
}

/// libcurl maps other letters to ASCII, so that "①②⑦.0.0.1"
/// is an address, and only where the process has a locale.
bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

std::string plain_host(std::string host) {
  while (host.ends_with('.')) host.pop_back();
  return to_lower(host);
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  auto handle = make_handle();
  const auto code = curl_url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(), 0);
  if (code != CURLUE_OK) return unreadable(text, reason_of(code));
  set(handle.get(), CURLUPART_FRAGMENT, "");
  Url url;
  url.scheme_ = part(handle.get(), CURLUPART_SCHEME);
  if (url.scheme_ != "http" && url.scheme_ != "https") return unreadable(text, kSchemes);
  url.text_ = part(handle.get(), CURLUPART_URL);
  url.host_ = plain_host(part(handle.get(), CURLUPART_HOST));
  if (url.host_.empty()) return unreadable(text, "it names no host");
  if (!is_ascii(url.host_))
    return unreadable(text,
                      "its host has letters beyond ASCII; write it like xn--bcher-kva.example");
  url.path_ = part(handle.get(), CURLUPART_PATH);
  url.query_ = part(handle.get(), CURLUPART_QUERY);
  url.user_ = part(handle.get(), CURLUPART_USER);
  url.password_ = part(handle.get(), CURLUPART_PASSWORD);
  const auto port = part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.port_ = parse_whole<std::uint16_t>(port).value_or(0);
  return url;
}

Result<Url> Url::resolve(const std::string& location) const {
  auto handle = make_handle();
  auto code = curl_url_set(handle.get(), CURLUPART_URL, text_.c_str(), 0);
  if (code == CURLUE_OK)
    code = curl_url_set(handle.get(), CURLUPART_URL, location.c_str(),
                        CURLU_URLENCODE | CURLU_ALLOW_SPACE);
  if (code != CURLUE_OK) return unreadable(location, reason_of(code));
  auto next = parse(part(handle.get(), CURLUPART_URL));
  if (!next || next->has_user() || !has_user() || !is_same_origin(*next)) return next;
  set(handle.get(), CURLUPART_USER, user_);
  set(handle.get(), CURLUPART_PASSWORD, password_);
  return parse(part(handle.get(), CURLUPART_URL));
}

}  // namespace okg::http
