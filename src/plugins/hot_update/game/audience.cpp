#include "plugins/hot_update/game/audience.hpp"

#include <algorithm>

namespace okg::hot_update {

/// A file's times are those of the last tick of the kernel's, of 10 ms where it ticks slowest.
/// @source ktime_get_coarse_real_ts64(); CONFIG_HZ
constexpr std::chrono::milliseconds kTickOfFiles{10};

BootTime went_live(const std::optional<Moment>& intent, Timestamp changed, const Moment& now) {
  changed += kTickOfFiles;
  const bool is_known = intent && !intent->boot_id.empty() && !now.boot_id.empty();
  if (!is_known) return std::min(now.boot - (now.wall - changed), now.boot);
  if (intent->boot_id != now.boot_id) return BootTime::min();
  return std::min(std::max(intent->boot, intent->boot + (changed - intent->wall)), now.boot);
}

}  // namespace okg::hot_update
