#include "sidecar/health.hpp"

#include <iostream>

#include "base/text/print_error.hpp"
#include "http/client/client.hpp"
#include "sidecar/load.hpp"
#include "sidecar/own_address.hpp"
#include "sidecar/run.hpp"

namespace okg::sidecar {

int ask_health(const std::filesystem::path& file, Registry registry, Probe probe) {
  config::Mistakes mistakes(file.string());
  const auto loaded = load(file, registry, mistakes);
  for (const auto& mistake : mistakes.list()) print_error(to_string(mistake));
  if (!loaded) return kExitBadConfiguration;
  http::ClientRequest request;
  request.url = own_url(*loaded) + (probe == Probe::kAlive ? "/healthz" : "/readyz");
  request.use_proxy = false;
  // The certificate names how others call the pod, and may have been renewed since.
  request.verify_peer = false;
  request.total_timeout = kHealthTimeout;
  const auto answer = http::Client().send(request, kMaxHealthBytes);
  if (!answer) {
    print_error("okg-sidecar health: " + answer.error().message);
    return 1;
  }
  std::cout << answer->body;
  return answer->head.status == 200 ? 0 : 1;
}

}  // namespace okg::sidecar
