#include "plugins/hot_update/trigger.hpp"

#include <unistd.h>

#include <chrono>

#include "base/wait.hpp"
#include "process/find.hpp"
#include "process/process_table.hpp"
#include "process/signal.hpp"

namespace okg::hot_update {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLookAgain{50};

std::string describe(const process::Process& process) {
  return "process " + std::to_string(process.pid) + " (" + process.command_line.substr(0, 80) + ")";
}

Error no_match(const SignalSettings& settings, std::size_t visible) {
  return {ErrorCode::kNotFound,
          "no process matches signal.processName '" + settings.process_name + "' among the " + std::to_string(visible) +
              " that this container sees; check the name against `ps` in the game's container, and that the pod "
              "has shareProcessNamespace: true"};
}

/// An error when the signal would end the process instead of telling it something.
Result<void> check_handled(const process::Process& process, int signal) {
  if (!process::ends_a_process_by_default(signal)) return {};
  auto disposition = process::disposition_of(process.pid, signal);
  if (!disposition) return fail(std::move(disposition).error());
  if (*disposition != process::Disposition::kDefault) return {};
  return fail(ErrorCode::kInvalid,
              describe(process) + " does not handle " + process::signal_name(signal) +
                  ", which would end it; it was not sent. Check signal.signalName, and that the game installs "
                  "its handler");
}

Result<void> check_all_handled(const std::vector<process::Process>& processes, int signal) {
  for (const auto& process : processes)
    if (auto ok = check_handled(process, signal); !ok) return ok;
  return {};
}

Result<TriggerOutcome> send_to_all(const std::vector<process::Process>& processes, int signal) {
  std::string message = process::signal_name(signal) + " sent to ";
  for (std::size_t i = 0; i < processes.size(); ++i) {
    if (auto ok = process::send_signal(processes[i], signal); !ok) return fail(std::move(ok).error());
    message += (i == 0 ? "" : ", ") + describe(processes[i]);
  }
  return TriggerOutcome{std::move(message)};
}

}  // namespace

Result<TriggerOutcome> trigger(const Settings& settings, std::optional<Timestamp> content_since, const std::stop_token& stop) {
  if (settings.load_patch_type == LoadPatchType::kNone) return TriggerOutcome{"loadPatchType is none: the game was not told"};
  const auto deadline = Clock::now() + settings.signal.wait;
  for (;;) {
    const auto table = process::read_process_table();
    auto matches = process::find_main_processes(table, settings.signal.process_name, ::getpid());
    if (content_since) {
      if (matches.empty()) return TriggerOutcome{"no main process yet: it reads the content when it starts"};
      std::erase_if(matches, [&](const process::Process& process) { return process::started_at(process) > *content_since; });
      if (matches.empty()) return TriggerOutcome{"the main process started after the content was in place"};
    }
    auto ready = matches.empty() ? Result<void>(fail(no_match(settings.signal, table.size())))
                                 : check_all_handled(matches, settings.signal.signal);
    if (ready) return send_to_all(matches, settings.signal.signal);
    if (Clock::now() >= deadline || !wait_for(stop, kLookAgain)) return fail(std::move(ready).error());
  }
}

}  // namespace okg::hot_update
