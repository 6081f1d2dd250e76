// The options of libcurl that a request means.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "http/client/request.hpp"

namespace okg::http {

/// Begins with a handle that nothing is set of. Owns
/// what the options refer to, so it lives as long as the transfer.
class TransferOptions {
 public:
  TransferOptions(CURL* easy, const ClientRequest& request);

 private:
  struct SlistFree {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void set_url();
  void set_headers();
  void set_method_and_body();
  void set_trust();
  void set_connection();
  void set_blob(CURLoption option, const std::string& text);

  CURL* easy_;
  const ClientRequest& request_;
  std::unique_ptr<curl_slist, SlistFree> headers_;
};

}  // namespace okg::http
