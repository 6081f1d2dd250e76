#include "auth/host_names.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "base/io/file.hpp"
#include "base/text.hpp"

namespace okg::auth {
namespace {

constexpr std::size_t kMaxResolvConf = 64UL * 1024;

/// The API server passes on its own name when it proxies (`kubectl proxy`,
/// `kubectl get --raw`). No page can have a browser send this: all send
/// "deflate" among what they accept, and pages may not change that header.
/// @source k8s.io/apimachinery/pkg/util/proxy/transport.go;
/// https://fetch.spec.whatwg.org/#forbidden-request-header
bool is_proxied_by_api_server(const http::ServerRequest& head) {
  const auto* accepts = http::find_header(head.headers, "Accept-Encoding");
  if (accepts != nullptr && *accepts != "gzip") return false;
  const auto* uri = http::find_header(head.headers, "X-Forwarded-Uri");
  return uri != nullptr && uri->starts_with("/api/v1/namespaces/") &&
         uri->find("/proxy/") != std::string::npos;
}

}  // namespace

HostNames::HostNames(std::vector<std::string> own, Setting<std::vector<std::string>> allowed)
    : suffixes_{".svc", ".svc.cluster.local", ".localhost"}, allowed_key_(allowed.key) {
  for (auto* list : {&own, &allowed.value})
    for (const auto& each : *list) {
      auto name = to_lower(each);
      if (name == "*")
        all_ = true;
      else if (name.starts_with("*."))
        suffixes_.push_back(name.substr(1));
      else
        exact_.push_back(std::move(name));
    }
}

bool HostNames::know(const std::string& host) const {
  const auto is_below = [&](const std::string& suffix) {
    return host.size() > suffix.size() && host.ends_with(suffix);
  };
  return all_ || host.find('.') == std::string::npos || http::is_ip_address(host) ||
         std::ranges::find(exact_, host) != exact_.end() ||
         std::ranges::any_of(suffixes_, is_below);
}

std::optional<http::ServerResponse> HostNames::refuse_foreign(
    const http::ServerRequest& head) const {
  const auto& host = head.authority.host;
  if (know(host) || is_proxied_by_api_server(head)) return std::nullopt;
  return http::refusal(421,
                       concat("this sidecar is not known as '", host,
                              "'; call it by the pod's IP address or a Service's name",
                              allowed_key_.empty() ? "" : ", or add the name to ", allowed_key_),
                       Reason::kCrossSite);
}

bool is_host_pattern(std::string_view text) {
  if (text == "*") return true;
  if (text.starts_with("*.")) text.remove_prefix(2);
  const auto authority = http::parse_authority(text);
  return authority && !authority->host.empty() && !authority->port && !text.ends_with(':') &&
         authority->host.find_first_of("*,") == std::string::npos;
}

std::vector<std::string> search_domains(std::string_view resolv_conf) {
  std::vector<std::string> domains;
  std::istringstream lines{std::string(resolv_conf)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    if (!(words >> word) || word != "search") continue;
    domains.clear();  // the last line counts
    while (words >> word) domains.push_back(word);
  }
  return domains;
}

std::vector<std::string> own_names(const std::string& pod_name) {
  std::vector<std::string> names{pod_name};
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0) names.emplace_back(host.data());
  // Without the file there are just no more names.
  const auto resolv_conf = read_file("/etc/resolv.conf", kMaxResolvConf);
  for (const auto& domain : search_domains(resolv_conf ? *resolv_conf : ""))
    if (domain.starts_with("svc.")) names.push_back("*." + domain);
  return names;
}

}  // namespace okg::auth
