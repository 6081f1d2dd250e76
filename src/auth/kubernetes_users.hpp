// Callers whom the API server knows, and whom RBAC lets make or
// get `hotupdates.okg-sidecar.io` with the name of this pod.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "auth/authenticator.hpp"
#include "auth/settings.hpp"
#include "auth/task_thread.hpp"
#include "base/digest/sha256.hpp"
#include "kube/access_review.hpp"
#include "kube/client.hpp"

namespace okg::auth {

struct PodName {
  std::string ns;
  std::string name;
};

/// Asks on a thread and a connection of its own. What it
/// hears counts for `cache_time`; an error counts for nobody.
class KubernetesUsers final : public Authenticator {
 public:
  static constexpr std::size_t kMaxRemembered = 256;

  /// `api` hears of the API server's answers, and outlives it.
  KubernetesUsers(const KubernetesSettings& settings, PodName pod, kube::Credentials credentials,
                  kube::ApiFigures& api);

  [[nodiscard]] std::string_view scheme() const override { return "Bearer"; }
  void identify(const Credential& credential, const http::Peer& peer, http::Access access,
                const Identified& identified) override;
  void stop() override { thread_.stop(); }

 private:
  using Clock = std::chrono::steady_clock;
  using Key = std::pair<Sha256, http::Access>;
  using Answer = std::optional<Identity>;
  struct Remembered {
    Answer answer;
    Clock::time_point until;
  };

  [[nodiscard]] std::optional<Answer> remembered(const Key& key);
  void remember(const Key& key, const Answer& answer);
  [[nodiscard]] Result<Answer> ask(const std::string& token, const Key& key,
                                   const std::stop_token& stop);

  const KubernetesSettings settings_;
  const PodName pod_;
  kube::Client client_;  ///< of the thread
  std::mutex mutex_;
  std::map<Key, Remembered> cache_;
  TaskThread thread_;  ///< last: it ends before what it uses
};

}  // namespace okg::auth
