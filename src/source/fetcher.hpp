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

/// Follows redirects by itself, so that each place that
/// a source leads to is asked for like the first one.
class Fetcher {
 public:
  /// `policy` outlives it. `max_redirects` of 0: a redirect is an answer like any other.
  Fetcher(Send send, const Policy& policy, Setting<int> max_redirects);

  /// `request.total_timeout` is of all hops together. https never leads
  /// to http, and what is secret in a URL to no other origin.
  /// Errors: those of `send`, SourceNotAllowed (kInvalid, kUpstream),
  /// and kUpstream for a redirect that may not be followed.
  Result<http::ResponseHead> fetch(const http::ClientRequest& request, http::ResponseSink& sink,
                                   const std::stop_token& stop) const;

 private:
  [[nodiscard]] http::ClientRequest request_for(const http::Url& url,
                                                const http::ClientRequest& request) const;
  [[nodiscard]] Result<http::Url> next_of(const http::Url& url, const std::string& location) const;

  Send send_;
  const Policy& policy_;
  Setting<int> max_redirects_;
};

}  // namespace okg::source
