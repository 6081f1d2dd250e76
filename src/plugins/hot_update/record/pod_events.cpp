#include "plugins/hot_update/record/pod_events.hpp"

#include <malloc.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/secret.hpp"
#include "base/time/timestamp.hpp"
#include "kube/credentials.hpp"

namespace okg::hot_update {
namespace {

/// @source kubernetes pkg/apis/core/validation/events.go: ReportingInstanceLengthLimit is 128
constexpr std::size_t kMaxInstanceBytes = 125;
constexpr std::chrono::milliseconds kDeadline{5'000};

kube::ClientSettings client_settings(kube::ApiFigures& api) {
  kube::ClientSettings settings;
  settings.call_deadline = kDeadline;
  settings.figures = &api;
  settings.grants = {kube::kRolePrefix, {{"events", "create"}}};
  return settings;
}

const char* reason_of(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kSucceeded: return "UpdateSucceeded";
    case OutcomeKind::kRolledBack: return "UpdateRolledBack";
    case OutcomeKind::kCancelled: return "UpdateCancelled";
    default: return "UpdateFailed";
  }
}

std::string note_of(const Outcome& outcome) {
  const auto* colon = outcome.reason == Reason::kNone ? "" : ": ";
  return concat(outcome.path, " ", outcome.version, " (", outcome.id,
                "): ", to_string(outcome.reason), colon, outcome.message);
}

/// @source https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
nlohmann::json object_of(const PodEvent& event, const std::string& ns, const std::string& pod,
                         const std::string& uid) {
  const auto at = now();
  const auto name = pod + "." + std::to_string(at.time_since_epoch().count());
  return {{"apiVersion", "events.k8s.io/v1"},
          {"kind", "Event"},
          {"metadata", {{"name", name}, {"namespace", ns}}},
          {"eventTime", format_timestamp(at)},
          {"reportingController", "okg-sidecar"},
          {"reportingInstance", pod.substr(0, kMaxInstanceBytes)},
          {"action", "HotUpdate"},
          {"reason", event.reason},
          {"regarding",
           {{"apiVersion", "v1"}, {"kind", "Pod"}, {"namespace", ns}, {"name", pod}, {"uid", uid}}},
          {"note", shortened(redact(event.note), PodEvents::kMaxNoteBytes)},
          {"type", event.is_warning ? "Warning" : "Normal"}};
}

}  // namespace

PodEvents::PodEvents(results::PodIdentity pod, kube::ApiFigures& api)
    : pod_(std::move(pod)), api_(api) {}

void PodEvents::note_ended(const Outcome& outcome) {
  if (outcome.kind == OutcomeKind::kUnchanged) return;
  {
    const std::lock_guard lock(mutex_);
    if (!outcome.error) not_restored_.erase(outcome.path);
  }
  const bool is_warning =
      outcome.kind == OutcomeKind::kFailed || outcome.kind == OutcomeKind::kRolledBack;
  post({reason_of(outcome.kind), note_of(outcome), is_warning});
}

void PodEvents::note_not_restored(const std::string& path, const Error& why) {
  const auto reason = shown_reason(why);
  {
    const std::lock_guard lock(mutex_);
    const auto [known, is_new] = not_restored_.try_emplace(path, reason);
    if (!is_new && std::exchange(known->second, reason) == reason) return;
  }
  post({"RestoreFailed", path + ": " + std::string(to_string(reason)) + ": " + why.message, true});
}

void PodEvents::post(PodEvent event) {
  const std::lock_guard lock(mutex_);
  waiting_.push(std::move(event));
  thread_.start();
}

void PodEvents::run(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto event = waiting_.pop();
    if (!event) return;
    lock.unlock();
    tell(*event, stop);
    lock.lock();
  }
}

void PodEvents::tell(const PodEvent& event, const std::stop_token& stop) {
  const auto written = write(event, stop);
  ::malloc_trim(0);  // a TLS handshake's memory would stay with this thread's part of the heap
  if (written || stop.stop_requested() || std::exchange(is_said_, true)) return;
  log::warn(
      "an Event of the pod could not be written; updates do not need it, and this is said once",
      {{"reason", to_string(shown_reason(written.error()))}, {"error", written.error().message}});
}

/// The client lives for one event: connections and their memory are not worth keeping.
Result<void> PodEvents::write(const PodEvent& event, const std::stop_token& stop) {
  auto credentials = kube::Credentials::in_cluster(pod_.service_account_dir);
  if (!credentials) return credentials.error();
  kube::Client client(std::move(*credentials), client_settings(api_));
  return write(event, client, stop);
}

Result<void> PodEvents::write(const PodEvent& event, kube::Client& client,
                              const std::stop_token& stop) {
  const auto ns = pod_.ns.empty() ? client.credentials().own_namespace() : pod_.ns;
  auto uid = api_.uid_of(ns + "/" + pod_.name);
  if (uid.empty()) {
    const auto pod = client.get_pod(ns, pod_.name, stop);
    if (!pod) return pod.error();
    uid = pod->uid;
  }
  const auto body = to_text(object_of(event, ns, pod_.name, uid));
  const kube::Resource events{.group = "events.k8s.io", .plural = "events", .ns = ns};
  const auto written = client.call(
      {.method = "POST", .resource = events, .content_type = "application/json", .body = body},
      stop);
  if (!written) return written.error();
  return {};
}

}  // namespace okg::hot_update
