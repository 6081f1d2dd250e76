// Fetches from a source: what the configuration allows, and nothing else.
#pragma once

#include <functional>
#include <stop_token>

#include "base/error.hpp"
#include "http/client/request.hpp"
#include "source/policy.hpp"

namespace okg::source {

/// One transfer: http::Client::send, or a script.
using Send = std::function<Result<http::ResponseHead>(const http::ClientRequest&,
                                                      http::ResponseSink&, std::stop_token)>;

class Fetcher {
 public:
  /// `policy` outlives it.
  Fetcher(Send send, const Policy& policy);

  /// Errors: those of `send`, and SourceNotAllowed (kInvalid, kUpstream).
  Result<http::ResponseHead> fetch(const http::ClientRequest& request, http::ResponseSink& sink,
                                   const std::stop_token& stop) const;

 private:
  Send send_;
  const Policy& policy_;
};

}  // namespace okg::source
