// The exit statuses of the client's commands,
// so that no script has to read text.
#pragma once

#include "api/update_view.hpp"
#include "base/error.hpp"
#include "client/calls.hpp"

namespace okg::client {

/// @source sysexits(3): EX_USAGE, EX_UNAVAILABLE, EX_IOERR, EX_TEMPFAIL
enum ExitStatus : int {
  kExitDone = 0,          ///< succeeded, or nothing had to be done
  kExitFailed = 1,        ///< failed, cancelled or refused: what was live before is live
  kExitRolledBack = 2,    ///< the game was not healthy on the new content: the old is live again
  kExitUsage = 64,        ///< the command line, the configuration or a field is wrong
  kExitUnreachable = 69,  ///< no sidecar answers there
  kExitOutputLost = 74,   ///< done, and standard output could not be written
  kExitTryLater = 75,     ///< the queue is full, the sidecar stops, or --timeout has passed
  kExitInterrupted = 130  ///< Ctrl-C: the update goes on
};

/// No answer came: 64, 69 or 130.
[[nodiscard]] ExitStatus exit_status_of(const Error& error);
/// The answer is no 2xx: 1, 64, 69 or 75.
[[nodiscard]] ExitStatus exit_status_of(const Answer& answer);
/// 0, 1 or 2.
[[nodiscard]] ExitStatus exit_status_of(api::UpdateResult result);

}  // namespace okg::client
