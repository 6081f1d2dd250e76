// Calls of the API server: authenticated, retried
// within a deadline, their failures explained.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "http/client/client.hpp"
#include "kube/api_error.hpp"
#include "kube/api_figures.hpp"
#include "kube/contention.hpp"
#include "kube/credentials.hpp"
#include "kube/objects.hpp"
#include "kube/resource.hpp"

namespace okg::kube {

struct ClientSettings {
  std::chrono::milliseconds connect_timeout{3'000};
  /// For the first attempt. Each one that times out doubles the time
  /// of the next, also across calls, until one succeeds.
  std::chrono::milliseconds first_timeout{2'000};
  /// The same for a patch of an object that many write, unless the
  /// quickest answer to such a patch so far (before the first: to
  /// anything) took more than a quarter of it. Writers that meet
  /// make each other start over inside the API server: giving up
  /// early and coming back apart is what lets all of them through.
  std::chrono::milliseconds first_shared_timeout{250};
  std::chrono::milliseconds call_deadline{10'000};  ///< of all attempts and the waits between them
  std::chrono::milliseconds first_delay{100};
  std::chrono::milliseconds max_delay{2'000};
  std::chrono::milliseconds first_overload_delay{
      3'000};  ///< instead, after an attempt that came too late
  /// A ConfigMap holds up to 1 MiB. Its JSON is larger, and has managedFields too.
  std::size_t max_body_bytes = std::size_t{16} << 20U;
  Grants grants = {};             ///< what a refusal tells to grant
  ApiFigures* figures = nullptr;  ///< hears of answers, and outlives the client; nullptr: nobody
};

/// The meaning of a 409 to the caller.
enum class OnConflict {
  kRetry,   ///< the patch says all it depends on by itself: sending it again is right
  kReport,  ///< it names a resourceVersion, which will not come back
};

/// Connection errors, 409, 429 (Retry-After honoured) and 5xx are
/// tried again with growing, jittered delays until `call_deadline`;
/// a 401 once, with the token read again. Errors of every call:
/// those of api_error.hpp; kTimeout and kUnavailable (transport);
/// kUpstream (TLS, or not the object asked for); kStopping.
///
/// One thread at a time, but for requests().
class Client {
 public:
  explicit Client(Credentials credentials, ClientSettings settings = {});

  struct Call {
    std::string_view method;
    Resource resource;
    /// Names and values, not encoded yet: {"labelSelector", "app=game"}.
    std::vector<std::pair<std::string, std::string>> query = {};
    std::string_view content_type = {};  ///< may be empty when `body` is
    std::string_view body = {};
    OnConflict on_conflict = OnConflict::kRetry;
    Writers writers = Writers::kOne;
  };
  /// The answer's body.
  Result<std::string> call(const Call& call, std::stop_token stop);
  /// Hands over the body of a 2xx answer as it comes: a
  /// long list, or a watch. One attempt without a time-out:
  /// where to go on from is the caller's to know.
  Result<void> stream(const Call& call, http::ResponseSink& sink, std::stop_token stop);

  Result<Pod> get_pod(std::string_view ns, std::string_view name, std::stop_token stop);
  Result<ConfigMap> get_config_map(std::string_view ns, std::string_view name,
                                   std::stop_token stop);
  /// `patch` is a strategic merge patch as text. To a map of strings it does
  /// what a JSON merge patch does, at a half to a third of the API server's
  /// work: the server does not serialize the whole object to apply it.
  Result<Pod> patch_pod(std::string_view ns, std::string_view name, std::string_view patch,
                        std::stop_token stop);
  Result<ConfigMap> patch_config_map(std::string_view ns, std::string_view name,
                                     std::string_view patch, std::stop_token stop,
                                     OnConflict on_conflict = OnConflict::kRetry);
  /// `patch` is a JSON patch (RFC 6902) as text; kConflict when one of its tests fails.
  Result<ConfigMap> json_patch_config_map(std::string_view ns, std::string_view name,
                                          std::string_view patch, std::stop_token stop);

  /// HTTP status of the last answer; 0 when the last attempt got none.
  [[nodiscard]] int last_status() const { return last_status_; }
  /// Others that ask at this moment, as far as the answers so far tell.
  [[nodiscard]] const Contention& contention() const { return contention_; }
  /// Requests sent so far, repeated ones included. Any thread.
  [[nodiscard]] std::uint64_t requests() const { return requests_.load(std::memory_order_relaxed); }
  [[nodiscard]] const Credentials& credentials() const { return credentials_; }

 private:
  struct ConfigMapPatch {
    std::string_view ns;
    std::string_view name;
    std::string_view content_type;
    std::string_view body;
    OnConflict on_conflict;
  };
  Result<ConfigMap> patch_config_map(const ConfigMapPatch& patch, std::stop_token stop);
  /// `body` as a pod, whose uid is noted.
  Result<Pod> pod_of(const Result<std::string>& body, std::string_view ns, std::string_view name);
  /// `body` as a ConfigMap, whose size is noted.
  Result<ConfigMap> config_map_of(const Result<std::string>& body, std::string_view ns,
                                  std::string_view name);
  /// Why an attempt failed, and whether and how long after it another makes sense.
  struct Failure {
    Error error;
    bool retry = false;
    std::chrono::milliseconds retry_after{0};
  };
  [[nodiscard]] http::ClientRequest request_of(const Call& call);
  /// `timeout` is told to the API server, which then gives up itself.
  Result<http::Response> attempt(const Call& call, std::chrono::milliseconds timeout,
                                 std::stop_token stop);
  [[nodiscard]] std::chrono::milliseconds timeout_of(const Call& call) const;
  [[nodiscard]] Failure failure_of(const Call& call, const Result<http::Response>& answer) const;

  Credentials credentials_;
  ClientSettings settings_;
  http::Client http_;
  int last_status_ = 0;
  unsigned late_ = 0;  ///< attempts in a row that got no answer in time
  Contention contention_;
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace okg::kube
