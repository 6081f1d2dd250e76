#include "http/client/transfer_options.hpp"

#include <cstdlib>

#include "http/client/no_proxy.hpp"

namespace okg::http {

TransferOptions::TransferOptions(CURL* easy, const ClientRequest& request)
    : easy_(easy), request_(request) {
  curl_easy_reset(easy_);
  set_url();
  set_headers();
  set_method_and_body();
  set_trust();
  set_connection();
}

void TransferOptions::set_url() {
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  if (!request_.use_proxy) curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  if (const auto url = Url::parse(request_.url))
    curl_easy_setopt(easy_, CURLOPT_NOPROXY, is_reached_directly(*url) ? "*" : "");
}

void TransferOptions::set_headers() {
  const auto append = [&](const std::string& line) {
    auto* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) std::abort();
    (void)headers_.release();
    headers_.reset(longer);
  };
  for (const auto& header : request_.headers) append(header.name + ": " + header.value);
  append("Expect:");  // no 100-continue round trip before a body
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, "okg-sidecar");
}

void TransferOptions::set_method_and_body() {
  const auto& method = request_.method;
  if (!request_.body.empty() || method == "POST" || method == "PATCH" || method == "PUT") {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  if (method == "HEAD")
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  else if (method != "GET")
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void TransferOptions::set_blob(CURLoption option, const std::string& text) {
  if (text.empty()) return;
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
  curl_easy_setopt(easy_, option, &blob);
}

void TransferOptions::set_trust() {
  if (!request_.verify_peer) {
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!request_.verify_name) curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
  if (!request_.certificate_file.empty())
    curl_easy_setopt(easy_, CURLOPT_SSLCERT, request_.certificate_file.c_str());
  if (!request_.key_file.empty())
    curl_easy_setopt(easy_, CURLOPT_SSLKEY, request_.key_file.c_str());
  // libcurl uses no connection and no session again that another certificate was shown to.
  set_blob(CURLOPT_SSLCERT_BLOB, request_.certificate_pem);
  set_blob(CURLOPT_SSLKEY_BLOB, request_.key_pem);
  if (request_.ca_file.empty()) return;
  curl_easy_setopt(easy_, CURLOPT_CAINFO, request_.ca_file.c_str());
  curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
  // Kept for a day otherwise: a cluster that changes its authority changes this file.
  // @source CURLOPT_CA_CACHE_TIMEOUT(3)
  curl_easy_setopt(easy_, CURLOPT_CA_CACHE_TIMEOUT, 0L);
}

void TransferOptions::set_connection() {
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request_.connect_timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, 128L * 1024L);
  // Load balancers forget connections that were idle for a minute, some without a word.
  curl_easy_setopt(easy_, CURLOPT_MAXAGE_CONN, 50L);
}

}  // namespace okg::http
