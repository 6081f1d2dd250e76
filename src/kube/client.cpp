#include "kube/client.hpp"

#include "base/text/bytes.hpp"
#include "base/text/concat.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/time/backoff.hpp"
#include "base/time/wait.hpp"
#include "http/form.hpp"

namespace okg::kube {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kOwnTimeoutAfter{1'000};
constexpr unsigned kMaxDoublings = 10;
constexpr std::string_view kStrategicMergePatch = "application/strategic-merge-patch+json";
constexpr std::string_view kJsonPatch = "application/json-patch+json";

std::string query_of(const std::vector<std::pair<std::string, std::string>>& query) {
  std::string text;
  for (const auto& [name, value] : query)
    text +=
        (text.empty() ? "?" : "&") + http::percent_encode(name) + "=" + http::percent_encode(value);
  return text;
}

bool is_success(int status) { return status >= 200 && status < 300; }

/// Seconds only: the API server never sends a date. @source k8s.io/apiserver
/// tooManyRequests, timeout and priority-and-fairness filters
milliseconds retry_after(const http::Headers& headers) {
  const std::string* text = http::find_header(headers, "Retry-After");
  std::uint32_t seconds = 0;
  if (text == nullptr ||
      std::from_chars(text->data(), text->data() + text->size(), seconds).ec != std::errc{})
    return {};
  return std::chrono::seconds(seconds);
}

/// Hands the body of a success on; keeps the beginning of any other, which says why.
class SuccessSink final : public http::ResponseSink {
 public:
  explicit SuccessSink(http::ResponseSink& sink) : sink_(sink) {}

  Result<void> begin(const http::ResponseHead& head) override {
    is_success_ = is_success(head.status);
    return is_success_ ? sink_.begin(head) : Result<void>();
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    if (is_success_) return sink_.write(bytes);
    append_up_to(kMaxRefusalBytes, refusal_, bytes);
    return {};
  }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

 private:
  static constexpr std::size_t kMaxRefusalBytes = std::size_t{64} << 10U;
  http::ResponseSink& sink_;
  bool is_success_ = false;
  std::string refusal_;
};

template <class T>
Result<T> parsed(const Result<std::string>& body, Result<T> (*parse)(std::string_view)) {
  if (!body) return body.error();
  return parse(*body);
}

}  // namespace

Client::Client(Credentials credentials, ClientSettings settings)
    : credentials_(std::move(credentials)), settings_(std::move(settings)) {}

Result<std::string> Client::call(const Call& call, std::stop_token stop) {
  const auto deadline = Clock::now() + settings_.call_deadline;
  Backoff backoff(settings_.first_delay, settings_.max_delay);
  Backoff overload(settings_.first_overload_delay, settings_.call_deadline);
  for (bool token_read_again = false;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    auto answer = attempt(call, std::clamp(left, milliseconds(1), timeout_of(call)), stop);
    if (answer && is_success(last_status_)) {
      late_ = 0;
      return std::move(answer->body);
    }
    if (last_status_ == 401 && !token_read_again) {
      token_read_again = true;
      if (credentials_.reload()) continue;
    }
    Failure failure = failure_of(call, answer);
    if (!failure.retry) return std::move(failure.error);
    const bool is_late = failure.error.code == ErrorCode::kTimeout;
    if (is_late) ++late_;
    const auto pause = is_late ? overload.next() : backoff.next();
    const auto delay = std::max(pause, failure.retry_after);
    if (Clock::now() + delay >= deadline) return std::move(failure.error);
    if (!wait_for(stop, delay))
      return fail(ErrorCode::kStopping,
                  "stopped while waiting to try again: ", failure.error.message);
  }
}

milliseconds Client::timeout_of(const Call& call) const {
  const auto timeout =
      call.writers == Writers::kMany
          ? contention_.timeout(settings_.first_shared_timeout, settings_.first_timeout)
          : settings_.first_timeout;
  return timeout * (1U << std::min(late_, kMaxDoublings));
}

http::ClientRequest Client::request_of(const Call& call) {
  http::ClientRequest request;
  request.method = call.method;
  request.url = credentials_.base_url() + call.resource.path() + query_of(call.query);
  request.headers = {{"Authorization", "Bearer " + credentials_.token()},
                     {"Accept", "application/json"}};
  if (!call.content_type.empty())
    request.headers.push_back({"Content-Type", std::string(call.content_type)});
  request.body = call.body;
  request.ca_file = credentials_.ca_file();
  request.use_proxy = false;
  request.connect_timeout = settings_.connect_timeout;
  return request;
}

Result<http::Response> Client::attempt(const Call& call, milliseconds timeout,
                                       std::stop_token stop) {
  auto request = request_of(call);
  if (call.method == "PATCH") {
    request.url +=
        (call.query.empty() ? "?timeout=" : "&timeout=") + std::to_string(timeout.count()) + "ms";
    timeout += kOwnTimeoutAfter;  // its answer is better than a lost connection
  }
  request.connect_timeout = std::min(request.connect_timeout, timeout);
  request.total_timeout = timeout;
  requests_.fetch_add(1, std::memory_order_relaxed);
  last_status_ = 0;
  const auto begun = Clock::now();
  auto answer = http_.send(request, settings_.max_body_bytes, stop);
  if (settings_.figures != nullptr)
    settings_.figures->note_answer(answer ? answer->head.status : 0);
  if (!answer) return answer;
  last_status_ = answer->head.status;
  if (!is_success(last_status_)) return answer;
  contention_.answered(std::chrono::ceil<milliseconds>(Clock::now() - begun), call.writers);
  return answer;
}

Result<void> Client::stream(const Call& call, http::ResponseSink& sink, std::stop_token stop) {
  requests_.fetch_add(1, std::memory_order_relaxed);
  SuccessSink successes(sink);
  const auto head = http_.send(request_of(call), successes, stop);
  last_status_ = head ? head->status : 0;
  if (head && is_success(head->status)) return {};
  if (!head) return failure_of(call, head.error()).error;
  return failure_of(call, http::Response{*head, successes.refusal()}).error;
}

Client::Failure Client::failure_of(const Call& call, const Result<http::Response>& answer) const {
  if (!answer) {
    const Error& error = answer.error();
    return {error.in("API server, " + std::string(call.method) + " " + call.resource.path())
                .because(Reason::kApiUnreachable),
            is_transient(error.code)};
  }
  Failure failure{
      api_error(call.method, call.resource, last_status_, answer->body, settings_.grants)};
  switch (failure.error.code) {
    case ErrorCode::kUnavailable:
    case ErrorCode::kTimeout:
      failure.retry = true;
      failure.retry_after = retry_after(answer->head.headers);
      break;
    case ErrorCode::kConflict:
      failure.retry = last_status_ == 409 && call.on_conflict == OnConflict::kRetry;
      break;
    default: break;
  }
  return failure;
}

Result<Pod> Client::get_pod(std::string_view ns, std::string_view name, std::stop_token stop) {
  return pod_of(call({"GET", pod(ns, name)}, stop), ns, name);
}

Result<Pod> Client::pod_of(const Result<std::string>& body, std::string_view ns,
                           std::string_view name) {
  auto pod = parsed(body, parse_pod);
  if (pod && settings_.figures != nullptr)
    settings_.figures->note_pod(concat(ns, "/", name), pod->uid);
  return pod;
}

Result<ConfigMap> Client::config_map_of(const Result<std::string>& body, std::string_view ns,
                                        std::string_view name) {
  auto map = parsed(body, parse_config_map);
  if (!map || settings_.figures == nullptr) return map;
  std::uint64_t bytes = 0;
  for (const auto& [key, value] : map->data) bytes += key.size() + value.size();
  settings_.figures->note_config_map(concat(ns, "/", name), bytes);
  return map;
}

Result<ConfigMap> Client::get_config_map(std::string_view ns, std::string_view name,
                                         std::stop_token stop) {
  return config_map_of(call({"GET", config_map(ns, name)}, stop), ns, name);
}

Result<Pod> Client::patch_pod(std::string_view ns, std::string_view name, std::string_view patch,
                              std::stop_token stop) {
  return pod_of(call({"PATCH", pod(ns, name), {}, kStrategicMergePatch, patch}, stop), ns, name);
}

Result<ConfigMap> Client::patch_config_map(const ConfigMapPatch& patch, std::stop_token stop) {
  return config_map_of(call({.method = "PATCH",
                             .resource = config_map(patch.ns, patch.name),
                             .content_type = patch.content_type,
                             .body = patch.body,
                             .on_conflict = patch.on_conflict,
                             .writers = Writers::kMany},
                            stop),
                       patch.ns, patch.name);
}

Result<ConfigMap> Client::patch_config_map(std::string_view ns, std::string_view name,
                                           std::string_view patch, std::stop_token stop,
                                           OnConflict on_conflict) {
  return patch_config_map({ns, name, kStrategicMergePatch, patch, on_conflict}, stop);
}

Result<ConfigMap> Client::json_patch_config_map(std::string_view ns, std::string_view name,
                                                std::string_view patch, std::stop_token stop) {
  return patch_config_map({ns, name, kJsonPatch, patch, OnConflict::kRetry}, stop);
}

}  // namespace okg::kube
