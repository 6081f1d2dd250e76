#include "plugins/hot_update/game/candidate_list.hpp"

#include <optional>

#include "base/text.hpp"
#include "process/title.hpp"

namespace okg::hot_update {
namespace {

using process::Candidate;
using process::Disposition;

constexpr std::size_t kMaxShownLineBytes = 1024;

api::SignalHandling handling_of(const Candidate& candidate, int signal) {
  if (signal == 0) return api::SignalHandling::kNotSent;
  switch (disposition_of(candidate.details, signal)) {
    case Disposition::kCaught: return api::SignalHandling::kCaught;
    case Disposition::kIgnored: return api::SignalHandling::kIgnored;
    case Disposition::kBlocked: return api::SignalHandling::kBlocked;
    case Disposition::kDefault: break;
  }
  return api::SignalHandling::kNo;
}

api::ListedProcess listed(const Candidate& candidate, int signal) {
  const auto& process = candidate.process;
  const auto& details = candidate.details;
  return {process.pid,
          process.comm,
          shortened(process::shown_title(process), kMaxShownLineBytes),
          details.user,
          details.container.empty() ? details.container_id : details.container,
          handling_of(candidate, signal),
          candidate.rank > 0 ? std::optional(candidate.rank) : std::nullopt,
          candidate.chosen,
          candidate.reason};
}

}  // namespace

api::ProcessList list_of(const process::Ranking& ranking, int signal) {
  api::ProcessList list;
  for (const auto& each : ranking.candidates) list.push_back(listed(each, signal));
  return list;
}

}  // namespace okg::hot_update
