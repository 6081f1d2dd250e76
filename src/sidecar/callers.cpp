#include "sidecar/callers.hpp"

#include <array>
#include <string>
#include <utility>

#include "auth/certificate_users.hpp"
#include "auth/kubernetes_users.hpp"
#include "auth/password_users.hpp"
#include "auth/token_files.hpp"
#include "base/log.hpp"
#include "kube/credentials.hpp"
#include "metrics/page.hpp"

namespace okg::sidecar {
namespace {

/// In the order of auth::Mode.
constexpr std::array kModes{"missing", "none", "required"};

using Authenticators = std::vector<std::unique_ptr<auth::Authenticator>>;

Result<void> add_kubernetes(const auth::KubernetesSettings& settings, const Host& host,
                            Authenticators& authenticators) {
  auto credentials = kube::Credentials::in_cluster(host.service_account_dir);
  if (!credentials) return credentials.error().in("auth.kubernetes");
  auth::PodName pod{host.pod_namespace, host.pod_name};
  if (pod.ns.empty()) pod.ns = credentials->own_namespace();
  authenticators.push_back(std::make_unique<auth::KubernetesUsers>(
      settings, std::move(pod), *std::move(credentials), host.api));
  return {};
}

}  // namespace

Result<std::shared_ptr<auth::Gate>> open_gate(const Loaded& loaded, const Host& host) {
  const auto& settings = loaded.auth;
  Authenticators authenticators;
  if (settings.certificates)
    authenticators.push_back(std::make_unique<auth::CertificateUsers>(
        settings.certificates->allowed_names, settings.readers));
  if (!settings.token_files.empty())
    authenticators.push_back(
        std::make_unique<auth::TokenFiles>(settings.token_files, settings.readers));
  if (settings.kubernetes)
    if (auto ok = add_kubernetes(*settings.kubernetes, host, authenticators); !ok)
      return ok.error();
  if (!settings.users_file.empty())
    authenticators.push_back(
        std::make_unique<auth::PasswordUsers>(settings.users_file, settings.readers));
  return std::make_shared<auth::Gate>(
      auth::HostNames(auth::own_names(host.pod_name), loaded.allowed_hosts),
      loaded.max_failures_per_peer, std::move(authenticators));
}

Warnings warnings_of(auth::Mode mode) {
  if (mode != auth::Mode::kMissing) return {};
  return {
      warn(Reason::kAuthNotConfigured,
           "everybody who reaches this port may update this pod; set auth in config.yaml, to none "
           "where that is meant")};
}

void show(auth::Mode mode, prometheus::Registry& metrics) {
  metrics::gauges(metrics, metrics::Metric::kAuth)
      .Add({{"mode", kModes.at(static_cast<std::size_t>(mode))}})
      .Set(1);
  for (const auto& warning : warnings_of(mode))
    log::warn("callers", {{"reason", warning.reason}, {"warning", warning.message}});
}

}  // namespace okg::sidecar
