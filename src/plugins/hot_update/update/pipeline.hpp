// The order of one update: request -> fetch -> verify -> publish -> trigger
// -> confirm -> end. Ordinary sequential code on one thread. What happens
// after a failure is in reverts.hpp, and what a start does in recovery.hpp.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/update/obtain/is_live.hpp"
#include "plugins/hot_update/update/obtain/obtain.hpp"
#include "plugins/hot_update/update/reverts.hpp"
#include "plugins/hot_update/update/run/parts.hpp"
#include "plugins/hot_update/update/run/planned_update.hpp"
#include "plugins/hot_update/update/run/update_run.hpp"

namespace okg::hot_update {

enum class Origin {
  kRequested,  ///< Somebody asked for it, and hears how it ended, whatever happens.
  kRestored,   ///< A start asks for it until it is live: what fails before that has no outcome.
};

struct Carried {
  std::vector<Outcome> outcomes;
  std::map<std::string, Error> not_live;  ///< of kRestored: path -> why it is not live
};

/// Thread-compatible: all calls from the worker's thread.
class Pipeline {
 public:
  /// Both outlive the pipeline.
  Pipeline(const Parts& parts, Reverts& reverts)
      : parts_(parts), reverts_(reverts), obtainer_(parts) {}

  /// Carries one update or rollback to its end, which is in
  /// the ledger when this returns. Failures are outcomes.
  Outcome update(const api::UpdateRequest& request, const std::stop_token& stop);

  /// The same for what the pod's order asks for: kept
  /// content of the ordered checksum is not downloaded.
  Outcome obey(const api::UpdateRequest& request, const std::stop_token& stop);
  /// Whether the content that an order names is live, under that name.
  [[nodiscard]] bool is_as_ordered(const api::UpdateRequest& request) const {
    return is_live_as_ordered(parts_, request);
  }

  /// The end of a request that was cancelled while it was queued.
  Outcome end_cancelled(const api::UpdateRequest& request, Timestamp at);

  /// Carries all of them to their ends, with one notification
  /// for all. `how` begins the message of a success.
  Carried carry_out(std::vector<PlannedUpdate> updates, Origin origin, std::string_view how,
                    const std::stop_token& stop);

  /// Notifies the game of updates that are live, and ends each; or reverts all of them.
  std::vector<Outcome> conclude(std::vector<LiveUpdate> updates, const Audience& audience,
                                std::string_view how, const std::stop_token& stop);

  /// Whether `wanted` is what is live at `path`.
  [[nodiscard]] bool is_live(const std::string& path, const results::Entry& wanted) const {
    return hot_update::is_live(parts_, path, wanted);
  }

 private:
  Outcome roll_back(api::UpdateRequest request, const std::stop_token& stop);
  [[nodiscard]] UpdateRun begin(PlannedUpdate& planned, Origin origin) const;
  // The promises of carry_out(), each durable when it returns, and
  // what may stand in its way. Errors: nothing more is to be done.
  [[nodiscard]] Result<void> note_started(const Outcome& in_progress, Origin origin) const;
  Result<Prepared> prepare(NextContent content, const PlannedUpdate& planned, UpdateRun& run,
                           const std::stop_token& stop) const;
  [[nodiscard]] Result<void> note_intent(const Intent& intent, Origin origin) const;
  Result<Committed> commit(Prepared& prepared, std::uint64_t seq) const;
  /// Notifies the game and sees that it is healthy.
  /// Returns what was done, for the operator.
  Result<std::string> notify_game(const std::vector<UpdateRun*>& runs, const Audience& audience,
                                  const std::stop_token& stop);
  Outcome end_unchanged(const api::UpdateRequest& request, UpdateRun run,
                        const std::stop_token& stop);
  void give_up(UpdateRun run, Origin origin, const Error& error, Carried& carried);

  const Parts& parts_;
  Reverts& reverts_;
  Obtainer obtainer_;
};

/// The newest moment at which one of them went live.
[[nodiscard]] BootTime live_since(const std::vector<LiveUpdate>& updates);

}  // namespace okg::hot_update
