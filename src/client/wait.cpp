#include "client/wait.hpp"

#include "api/routes.hpp"
#include "base/text.hpp"

#include <algorithm>

#include "base/time/wait.hpp"

namespace okg::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A bar moves every second, a line comes every ten.
constexpr seconds kBarWait{1};
constexpr seconds kLineWait{10};
/// Longer than a wait by what an answer may take on its way.
constexpr seconds kOnTheWay{10};

std::string how_to_go_on(const std::string& id) {
  return "update " + id + " goes on; okg-sidecar wait " + id +
         " tells how it ends, and okg-sidecar cancel " + id + " stops it";
}

}  // namespace

Wait::Wait(Calls& calls, ProgressLine& progress, milliseconds timeout, milliseconds between_polls)
    : calls_(calls),
      progress_(progress),
      between_polls_(between_polls),
      longest_wait_(progress.style() == ProgressStyle::kBar ? kBarWait : kLineWait) {
  if (timeout.count() > 0) deadline_ = Clock::now() + timeout;
}

bool Wait::is_over() const { return deadline_ && Clock::now() >= *deadline_; }

seconds Wait::next_wait() const {
  if (!deadline_) return longest_wait_;
  const auto left = std::chrono::ceil<seconds>(*deadline_ - Clock::now());
  return std::clamp(left, seconds(0), longest_wait_);
}

Waited Wait::until_end(const std::string& id) {
  for (;;) {
    if (auto end = poll(id)) {
      progress_.clear();
      if (end->status == kExitInterrupted || end->status == kExitUnreachable)
        append_listed(end->message, "; ", how_to_go_on(id));
      end->seen = std::move(seen_);
      return *end;
    }
    if (is_over()) {
      progress_.clear();
      return {kExitTryLater, std::move(seen_), "--timeout has passed; " + how_to_go_on(id)};
    }
  }
}

std::optional<Waited> Wait::poll(const std::string& id) {
  const auto wait = next_wait();
  Call call;
  call.path =
      api::location_of(id) + "?" + api::kWaitSecondsField + "=" + std::to_string(wait.count());
  call.timeout = wait + kOnTheWay;
  const auto answer = calls_.send(call);
  if (answer && !answer->is_from_a_proxy()) return take(*answer);
  if (!answer && answer.error().code == ErrorCode::kStopping) return Waited{kExitInterrupted};
  if (!answer && exit_status_of(answer.error()) != kExitUnreachable)
    return Waited{exit_status_of(answer.error()), {}, answer.error().message};
  return lost(answer ? words_of(*answer) : answer.error().message);
}

std::optional<Waited> Wait::take(const Answer& answer) {
  answered_ = Clock::now();
  if (!answer.is_good()) {
    // Too many wait already, or it stops: ask again later, without a wait.
    const auto status = exit_status_of(answer);
    if (status != kExitTryLater) return Waited{status, {}, words_of(answer)};
    longest_wait_ = seconds(0);
    return wait_for(calls_.stop(), between_polls_) ? std::nullopt
                                                   : std::optional(Waited{kExitInterrupted});
  }
  auto view = api::view_from_json(answer.json);
  if (!view) return Waited{kExitUnreachable, {}, view.error().message};
  progress_.show(*view);
  const bool has_ended = view->state == api::UpdateState::kEnded;
  seen_ = Seen{std::move(*view), answer.text};
  if (has_ended) return Waited{};
  if (longest_wait_.count() == 0 && !wait_for(calls_.stop(), between_polls_))
    return Waited{kExitInterrupted};
  return std::nullopt;
}

std::optional<Waited> Wait::lost(const std::string& why) {
  if (Clock::now() - answered_ >= kPatience + longest_wait_)
    return Waited{kExitUnreachable, {}, why};
  longest_wait_ = std::max(seconds(1), longest_wait_ / 2);
  if (!wait_for(calls_.stop(), calls_.between_attempts())) return Waited{kExitInterrupted};
  return std::nullopt;
}

}  // namespace okg::client
