// Signals: their names, whether a process handles one, and sending one to the process that was
// meant.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "process/process_table.hpp"

namespace okg::process {

/// "SIGHUP", "hup", "1", "SIGRTMIN+3": every signal of Linux, with or without SIG, in any case, or
/// by number from 1 to 64. Errors: kInvalid, with the name that was probably meant.
/// @source signal(7)
Result<int> parse_signal(std::string_view text);
/// "SIGHUP"; real-time signals as "SIGRTMIN+3".
[[nodiscard]] std::string signal_name(int signal);

enum class Disposition { kCaught, kIgnored, kBlocked, kDefault };
/// What the process does with the signal; kCaught also while it is blocked. kBlocked: neither
/// caught nor ignored, but held back, as programs do that read it by signalfd. A thread inside
/// sigwait(3) shows as kDefault: the kernel unblocks the signals that it waits for. Errors:
/// kNotFound (no such process, or a zombie), kForbidden (it may not be looked at), kInvalid (no
/// such signal).
/// @source proc(5): SigBlk, SigIgn, SigCgt of /proc/[pid]/status; do_sigtimedwait in the kernel's
/// signal.c
Result<Disposition> disposition_of(pid_t pid, int signal,
                                   const std::filesystem::path& proc = "/proc");
/// Whether the signal is meant to be caught and ends a process that does not catch it (SIGHUP,
/// SIGUSR1, real-time signals …). False for those sent to end a process on purpose (SIGTERM,
/// SIGKILL, SIGINT, SIGQUIT, SIGABRT) and those without effect by default.
[[nodiscard]] bool ends_a_process_by_default(int signal);

/// Sends it to this process and to no other that got its pid since.
/// Errors: kNotFound (it is gone), kForbidden (not permitted; the message says how to change that),
/// kInternal.
/// @source pidfd_open(2), pidfd_send_signal(2)
Result<void> send_signal(const Process& process, int signal,
                         const std::filesystem::path& proc = "/proc");

}  // namespace okg::process
