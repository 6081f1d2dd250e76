#include "source/fetcher.hpp"

#include <utility>

namespace okg::source {

Fetcher::Fetcher(Send send, const Policy& policy) : send_(std::move(send)), policy_(policy) {}

Result<http::ResponseHead> Fetcher::fetch(const http::ClientRequest& request,
                                          http::ResponseSink& sink,
                                          const std::stop_token& stop) const {
  const auto url = policy_.check(request.url);
  if (!url) return url.error();
  auto sent = request;
  sent.url = url->text();
  sent.check_address = [this](const http::IpAddress& address, std::uint16_t port) {
    return policy_.addresses().check(address, port);
  };
  return send_(sent, sink, stop);
}

}  // namespace okg::source
