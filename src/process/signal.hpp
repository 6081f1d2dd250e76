// Signals: their names, and what they do to a process that does not handle them.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::process {

/// "SIGHUP", "hup", "1", "SIGRTMIN+3": every signal of Linux,
/// with or without SIG, in any case, or by number from 1 to 64.
/// Errors: kInvalid, with the name that was probably meant.
/// @source signal(7)
Result<int> parse_signal(std::string_view text);
/// "SIGHUP"; real-time signals as "SIGRTMIN+3".
[[nodiscard]] std::string signal_name(int signal);

/// True when the signal ends a process that does not handle it. @source signal(7)
[[nodiscard]] bool ends_by_default(int signal);
/// True when the signal stops a process that does not handle it,
/// until SIGCONT. Nobody can handle SIGSTOP. @source signal(7)
[[nodiscard]] bool stops_by_default(int signal);
/// True when the signal is sent to end a process on purpose
/// (SIGTERM, SIGKILL, SIGINT, SIGQUIT, SIGABRT), and not to tell it something.
[[nodiscard]] bool is_sent_to_end(int signal);

}  // namespace okg::process
