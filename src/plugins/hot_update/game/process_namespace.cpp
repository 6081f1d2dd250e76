#include "plugins/hot_update/game/process_namespace.hpp"

#include <unistd.h>

#include "plugins/hot_update/game/find.hpp"
#include "process/process_table.hpp"
#include "process/rank.hpp"

namespace okg::hot_update {
namespace {

process::Process own_process() {
  process::Process self;
  self.pid = self.thread = ::getpid();
  return self;
}

}  // namespace

Result<void> check_process_namespace(const SignalSettings& settings) {
  if (settings.process_name.empty()) return {};
  if (process::read_details(own_process()).pod.empty()) return {};
  const auto criteria = criteria_of(settings);
  const auto outside = process::process_outside_of_the_pod(
      process::observe(criteria, process::Depth::kAll), criteria.self);
  if (!outside) return {};
  return fail(ErrorCode::kInvalid, Reason::kInvalidConfiguration, "this container sees ",
              describe(*outside),
              ", which is not of this pod, so that another game could be notified: the pod has "
              "hostPID: true; remove it, and set shareProcessNamespace: true instead");
}

}  // namespace okg::hot_update
