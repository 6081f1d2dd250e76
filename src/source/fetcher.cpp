#include "source/fetcher.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <utility>

#include "base/text/secret.hpp"
#include "source/redirect_sink.hpp"

namespace okg::source {
namespace {

using std::chrono::milliseconds;

/// The rest of a request's time.
class Countdown {
 public:
  /// 0: none.
  explicit Countdown(milliseconds whole) : whole_(whole) {}
  [[nodiscard]] milliseconds left() const {
    if (whole_.count() == 0) return whole_;
    const auto gone = std::chrono::duration_cast<milliseconds>(Clock::now() - begin_);
    return std::max(milliseconds(1), whole_ - gone);
  }

 private:
  using Clock = std::chrono::steady_clock;
  milliseconds whole_;
  Clock::time_point begin_ = Clock::now();
};

Reason reason_of_source(http::TransferFault fault) {
  switch (fault) {
    case http::TransferFault::kUnreachable: return Reason::kSourceUnreachable;
    case http::TransferFault::kTimeout: return Reason::kSourceTimeout;
    case http::TransferFault::kTls: return Reason::kSourceTls;
    case http::TransferFault::kIncomplete: return Reason::kSourceIncomplete;
    case http::TransferFault::kRefusedCertificate: return Reason::kSourceUnauthorized;
    case http::TransferFault::kRefusedAddress: return Reason::kSourceNotAllowed;
    case http::TransferFault::kOther: break;
  }
  return Reason::kSourceError;
}

Error too_many_redirects(const std::string& url, const Setting<int>& max,
                         const Result<http::ResponseHead>& last) {
  const bool wants_cookies = last && http::find_header(last->headers, "Set-Cookie") != nullptr;
  return fail(ErrorCode::kUpstream, Reason::kSourceError, redact_url(url), ": more than ",
              name_of(max, std::to_string(max.value)), " redirects came; it may lead in a circle",
              wants_cookies
                  ? ", and sets cookies, which no source is sent: give a URL that needs none"
                  : "");
}

}  // namespace

Fetcher::Fetcher(Send send, const Policy& policy, Setting<int> max_redirects)
    : send_(std::move(send)), policy_(policy), max_redirects_(max_redirects) {}

http::ClientRequest Fetcher::request_for(const http::Url& url,
                                         const http::ClientRequest& request) const {
  auto sent = request;
  sent.url = url.text();
  sent.reason_of = reason_of_source;
  sent.check_address = [this](const http::IpAddress& address, std::uint16_t port) {
    return policy_.addresses().check(address, port);
  };
  return sent;
}

Result<http::Url> Fetcher::next_of(const http::Url& url, const std::string& location) const {
  const auto refuse = [&](const Error& error, Reason reason) {
    return fail(ErrorCode::kUpstream, reason, redact_url(url.text()),
                ": it redirects elsewhere: ", error.message);
  };
  auto next = url.resolve(location);
  if (!next) return refuse(next.error(), Reason::kSourceError);
  if (url.is_secure() && !next->is_secure())
    return fail(ErrorCode::kUpstream, Reason::kSourceError, redact_url(url.text()),
                ": it redirects from https to http; https never redirects to http");
  if (auto ok = policy_.check(*next); !ok) return refuse(ok.error(), ok.error().reason);
  return next;
}

Result<http::ResponseHead> Fetcher::fetch(const http::ClientRequest& request,
                                          http::ResponseSink& sink,
                                          const std::stop_token& stop) const {
  auto url = policy_.check(request.url);
  const Countdown countdown(request.total_timeout);
  for (int redirects = 0; url; ++redirects) {
    auto sent = request_for(*url, request);
    sent.total_timeout = countdown.left();
    const auto secrecy = policy_.credentials().add_to(sent, *url);
    if (!secrecy) return secrecy.error();
    RedirectSink taken(sink, max_redirects_.value > 0, *secrecy);
    auto head = send_(sent, taken, stop);
    // However the body of a redirect ended: nothing of it is wanted.
    if (!taken.location() || stop.stop_requested()) return head;
    if (redirects == max_redirects_.value)
      return too_many_redirects(request.url, max_redirects_, head);
    url = next_of(*url, *taken.location());
  }
  return url.error();
}

}  // namespace okg::source
