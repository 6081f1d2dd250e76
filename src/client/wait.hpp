// Waits for the end of an update by its id, whatever is between us and the sidecar.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "api/update_view.hpp"
#include "client/calls.hpp"
#include "client/exit_status.hpp"
#include "client/progress_line.hpp"

namespace okg::client {

/// The update as it was last seen, and the answer that said it.
struct Seen {
  api::UpdateView view;
  std::string text;  ///< JSON, as the server sent it
};

/// How a wait ended.
struct Waited {
  /// kExitDone: `seen` is of an update that has ended. Else
  /// `message` says why it is not known how it ends.
  ExitStatus status = kExitDone;
  std::optional<Seen> seen{};
  std::string message{};
};

/// GET /hot-update/updates/ID?waitSeconds=N, again and again. A dropped connection and a
/// proxy's time-out make no difference: it asks again, and for less long. Gives up when
/// nobody has answered for kPatience, when `timeout` (0: none) has passed, or at Ctrl-C.
class Wait {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kPatience{30};

  static constexpr std::chrono::milliseconds kBetweenPolls{1000};

  /// `between_polls`: the pause where the sidecar does not hold an answer back.
  Wait(Calls& calls, ProgressLine& progress, std::chrono::milliseconds timeout,
       std::chrono::milliseconds between_polls = kBetweenPolls);
  Waited until_end(const std::string& id);

 private:
  std::optional<Waited> poll(const std::string& id);
  std::optional<Waited> take(const Answer& answer);
  std::optional<Waited> lost(const std::string& why);
  [[nodiscard]] bool is_over() const;
  [[nodiscard]] std::chrono::seconds next_wait() const;

  Calls& calls_;
  ProgressLine& progress_;
  std::chrono::milliseconds between_polls_;
  std::optional<Clock::time_point> deadline_;
  Clock::time_point answered_ = Clock::now();
  std::chrono::seconds longest_wait_;
  std::optional<Seen> seen_;
};

}  // namespace okg::client
