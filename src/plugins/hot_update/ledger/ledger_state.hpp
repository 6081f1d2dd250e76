// The ledger's knowledge at one moment: never
// changed, so that readers share it without waiting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "plugins/hot_update/ledger/seen_orders.hpp"

namespace okg::hot_update {

struct LedgerState {
  static constexpr std::size_t kMaxHistory = 20;

  std::uint64_t last_seq = 0;
  std::uint64_t recorded_seq = 0;  ///< all outcomes up to it are written to the store
  std::map<std::string, LiveContent> live;
  std::vector<KeptContent> kept;  ///< oldest first
  std::vector<Outcome>
      started;  ///< not ended, oldest first; those with an intent are in intents too
  std::vector<Intent> intents;  ///< oldest first; several while a start restores several files
  std::deque<Outcome> history;  ///< newest last, at most kMaxHistory
  SeenOrders orders;
  std::string observed;  ///< digest of what the pod says of its orders; empty: nothing

  [[nodiscard]] std::optional<LiveContent> live_at(const std::string& path) const;
  /// Paths whose old content is still to be reverted to after an update that failed.
  [[nodiscard]] std::set<std::string> paths_to_revert() const;
  [[nodiscard]] std::optional<Outcome> last() const;
  /// The newest outcome when it is not recorded yet.
  [[nodiscard]] std::optional<Outcome> unrecorded() const;

  void note_started(const Outcome& in_progress);
  void note_intent(const Intent& update);
  void drop_intent(std::uint64_t seq);
  void note_ended(const UpdateEnd& end, std::size_t keep_versions);

 private:
  void note_path(const PathEnd& end, std::size_t keep_versions);
  /// A tree goes live: what is live below it leaves with the one that it replaces.
  void note_tree(const PathEnd& end, std::optional<KeptContent>& replaced);
};

}  // namespace okg::hot_update
