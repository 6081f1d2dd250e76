#include "http/client/date.hpp"

#include <curl/curl.h>

namespace okg::http {

std::optional<std::int64_t> parse_http_date(const std::string& text) {
  const auto seconds = curl_getdate(text.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

}  // namespace okg::http
