#include "plugins/hot_update/update/update_log.hpp"

#include "base/log.hpp"

namespace okg::hot_update {

void log_started(const Outcome& outcome) {
  log::info("update started", {{"id", outcome.seq},
                               {"version", outcome.version},
                               {"path", outcome.path},
                               {"url", outcome.url}});
}

void log_stage(const Outcome& outcome) {
  log::info("update stage", {{"id", outcome.seq}, {"stage", outcome.stage}});
}

void log_ended(const Outcome& outcome) {
  const bool failed =
      outcome.kind == OutcomeKind::kFailed || outcome.kind == OutcomeKind::kRolledBack;
  log::write(failed ? log::Level::kError : log::Level::kInfo, "update ended",
             {{"id", outcome.seq},
              {"result", to_string(outcome.kind)},
              {"version", outcome.version},
              {"path", outcome.path},
              {"url", outcome.url},
              {"stage", outcome.stage},
              {"message", outcome.message},
              {"bytes", outcome.bytes},
              {"durationMs", outcome.duration.count()}});
}

}  // namespace okg::hot_update
