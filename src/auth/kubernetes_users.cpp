#include "auth/kubernetes_users.hpp"

#include "base/find.hpp"

#include "auth/secret_digest.hpp"

namespace okg::auth {
namespace {

constexpr std::size_t kMaxReviewsWaiting = 32;

/// A caller waits for it.
kube::ClientSettings client_settings(kube::ApiFigures& api) {
  kube::ClientSettings settings;
  settings.call_deadline = std::chrono::seconds(5);
  settings.figures = &api;
  return settings;
}

Error too_many() {
  return fail(ErrorCode::kUnavailable, Reason::kApiUnreachable,
              "too many callers wait for the API server");
}

/// The reason that callers see, and who may fix it.
Error explained(const Error& error) {
  if (error.code != ErrorCode::kForbidden)
    return fail(error.code, Reason::kApiUnreachable, error.message);
  return fail(error.code, Reason::kApiForbidden,
              error.message +
                  "; bind the ClusterRole system:auth-delegator to the sidecar's "
                  "service account (docs/security.md)");
}

}  // namespace

KubernetesUsers::KubernetesUsers(const KubernetesSettings& settings, PodName pod,
                                 kube::Credentials credentials, kube::ApiFigures& api)
    : settings_(settings),
      pod_(std::move(pod)),
      client_(std::move(credentials), client_settings(api)),
      thread_(kMaxReviewsWaiting) {}

void KubernetesUsers::identify(const Credential& credential, const http::Peer&, http::Access access,
                               const Identified& identified) {
  if (credential.kind != Credential::Kind::kBearer) return identified(std::nullopt);
  const bool is_update = access == http::Access::kUpdate;
  const Key key{digest_of(credential.secret),
                is_update ? http::Access::kUpdate : http::Access::kRead};
  if (const auto known = remembered(key)) return identified(*known);
  const bool posted =
      thread_.post([this, key, token = credential.secret, identified](const std::stop_token& stop) {
        // Another call of the same caller may have waited before this one.
        if (const auto known = remembered(key)) return identified(*known);
        identified(ask(token, key, stop));
      });
  if (!posted) identified(too_many());
}

std::optional<KubernetesUsers::Answer> KubernetesUsers::remembered(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto* found = value_at(cache_, key);
  if (found == nullptr || found->until <= Clock::now()) return std::nullopt;
  return found->answer;
}

void KubernetesUsers::remember(const Key& key, const Answer& answer) {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  std::erase_if(cache_, [&](const auto& each) { return each.second.until <= now; });
  if (cache_.size() >= kMaxRemembered) cache_.erase(cache_.begin());
  cache_.insert_or_assign(key, Remembered{answer, now + settings_.cache_time});
}

Result<KubernetesUsers::Answer> KubernetesUsers::ask(const std::string& token, const Key& key,
                                                     const std::stop_token& stop) {
  const auto user = kube::review_token(client_, token, settings_.audience, stop);
  if (!user) return explained(user.error());
  Answer answer;
  if (*user) {
    const bool is_update = key.second == http::Access::kUpdate;
    const auto allowed = kube::may(client_, **user,
                                   {.verb = is_update ? "create" : "get",
                                    .group = "okg-sidecar.io",
                                    .resource = "hotupdates",
                                    .ns = pod_.ns,
                                    .name = pod_.name},
                                   stop);
    if (!allowed) return explained(allowed.error());
    answer = Identity{(*user)->name, *allowed};
  }
  remember(key, answer);
  return answer;
}

}  // namespace okg::auth
