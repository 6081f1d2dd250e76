// Reads a figure of a transfer from libcurl.
#pragma once

#include <curl/curl.h>

#include <type_traits>

namespace okg::http {

/// `unknown` where libcurl does not say it. Its type has to be the
/// one of `what`: long, curl_off_t, curl_socket_t or const char*.
/// @source curl_easy_getinfo(3)
template <class Value>
[[nodiscard]] Value info_of(CURL* easy, CURLINFO what, Value unknown) {
  Value value = unknown;
  curl_easy_getinfo(easy, what, &value);
  if constexpr (std::is_pointer_v<Value>) return value == nullptr ? unknown : value;
  return value;
}

}  // namespace okg::http
