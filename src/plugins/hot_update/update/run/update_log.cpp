#include "plugins/hot_update/update/run/update_log.hpp"

#include "base/log.hpp"

namespace okg::hot_update {

void log_started(const Outcome& outcome) {
  log::info("update started", {{"id", outcome.id},
                               {"version", outcome.version},
                               {"path", outcome.path},
                               {"url", outcome.url},
                               {"caller", outcome.caller}});
}

void log_stage(const Outcome& outcome) {
  log::info("update stage", {{"id", outcome.id}, {"stage", to_string(outcome.stage)}});
}

void log_ended(const Outcome& outcome) {
  const bool has_failed = outcome.error && outcome.kind != OutcomeKind::kCancelled;
  log::write(has_failed ? log::Level::kError : log::Level::kInfo, "update ended",
             {{"id", outcome.id},
              {"result", to_string(outcome.kind)},
              {"reason", to_string(outcome.reason)},
              {"version", outcome.version},
              {"path", outcome.path},
              {"url", outcome.url},
              {"caller", outcome.caller},
              {"stage", to_string(outcome.stage)},
              {"message", outcome.message},
              {"bytes", outcome.bytes},
              {"files", outcome.error ? 0 : outcome.files.value_or(1)},
              {"durationMs", outcome.duration.count()}});
}

}  // namespace okg::hot_update
