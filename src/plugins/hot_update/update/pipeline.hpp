// The order of one update: request -> fetch -> verify -> publish -> trigger -> confirm -> end.
// Ordinary sequential code on one thread; only this class knows the order, and each step takes the
// type that the step before it makes. What a start does with the same steps is in recovery.cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "http/client/client.hpp"
#include "plugins/hot_update/game/audience.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/publisher.hpp"
#include "plugins/hot_update/settings.hpp"

namespace okg::hot_update {

/// What came of one attempt to make a pod run what it should.
struct Restored {
  std::vector<Outcome> outcomes;
  results::Files missing;                     ///< what is not live yet
  std::map<std::string, std::string> reason;  ///< path of `missing` -> what failed
  bool gave_up =
      false;  ///< the game was not well on it: it is not tried again before somebody does something
};

/// Thread-compatible: all calls from the worker's thread.
class Pipeline {
 public:
  /// All references outlive the pipeline. `on_stage` hears the name of each stage as it begins.
  /// `reason_to_end` says why an update that was asked to stop had to; nothing: the sidecar stops.
  Pipeline(const Settings& settings, const StateDir& state, Ledger& ledger,
           std::function<void(std::string_view)> on_stage,
           std::function<std::optional<Error>()> reason_to_end);

  /// Carries one update to its end, which is in the ledger when this returns. Failures are
  /// outcomes.
  Outcome update(const api::UpdateRequest& request, const std::stop_token& stop);

  /// Finishes or undoes what a crash left under way. To be called once, first.
  std::vector<Outcome> resolve_interrupted(const std::stop_token& stop);

  /// Puts back what failed updates could not, and tells the game.
  void undo_answered(const std::stop_token& stop);
  [[nodiscard]] bool has_to_put_back() const { return !ledger_.to_be_put_back().empty(); }

  /// Makes `wanted` live where it is not already, with one trigger for all.
  Restored restore(const results::Files& wanted, const std::stop_token& stop);

 private:
  struct Run;       ///< one update on its way to its outcome
  struct InFlight;  ///< one that is published and not yet ended
  using Runs = std::vector<Run*>;

  Result<bool> undo(const Pending& pending) const;
  Outcome roll_back(api::UpdateRequest request, const std::stop_token& stop);
  Outcome carry_out(api::UpdateRequest request, const KeptFile* kept, const std::stop_token& stop);
  Outcome notify_unchanged(const api::UpdateRequest& request, Run run, const std::stop_token& stop);
  [[nodiscard]] Result<KeptFile> kept_for(const api::UpdateRequest& request) const;

  /// The content that is asked for, published; nothing when the same version and address brings
  /// what is live already.
  Result<std::optional<PublishedUpdate>> put_live(const api::UpdateRequest& request,
                                                  const KeptFile* kept, Run& run,
                                                  const std::stop_token& stop);
  /// The content in staging, verified; nothing when the source says that it is `live`.
  Result<std::optional<content::StagedContent>> acquire(const api::UpdateRequest& request,
                                                        const KeptFile* kept,
                                                        const std::optional<LiveFile>& live,
                                                        Run& run, const std::stop_token& stop);

  /// Tells the game of what was published and sees that it is well. Returns what was done, for the
  /// operator.
  Result<std::string> notify_game(const Runs& runs, const Audience& audience,
                                  const std::stop_token& stop);
  /// Tells the game of all of it, and ends each update: or takes all of it back. `how` begins the
  /// message of a success.
  std::vector<Outcome> settle(std::vector<InFlight> updates, const Audience& audience,
                              std::string_view how, const std::stop_token& stop);
  std::vector<Outcome> take_back(std::vector<InFlight> updates, const Audience& audience,
                                 const Error& error);
  enum class Back { kNo, kUnsynced, kYes };
  [[nodiscard]] Back put_back(const Pending& pending, Run& run) const;

  [[nodiscard]] bool is_live(const std::string& path, const results::FileEntry& wanted) const;
  [[nodiscard]] bool is_settled(const std::string& path, const results::FileEntry& wanted) const;
  Outcome adopt(const std::string& path, const results::FileEntry& entry);
  [[nodiscard]] std::optional<KeptFile> kept_content_of(const std::string& path,
                                                        const results::FileEntry& entry) const;

  Run begin(const api::UpdateRequest& request);
  void enter(Run& run, std::string_view stage) const;
  Outcome finish(Run& run, UpdateEnd end);
  http::Client& client();

  const Settings& settings_;
  const StateDir& state_;
  Ledger& ledger_;
  std::function<void(std::string_view)> on_stage_;
  std::function<std::optional<Error>()> reason_to_end_;
  Publisher publisher_;
  /// Made at the first use: a sidecar that never updates pays nothing for it.
  std::unique_ptr<http::Client> client_;
};

struct Pipeline::Run {
  using Clock = std::chrono::steady_clock;
  Outcome outcome;
  Clock::time_point started = Clock::now();
  Clock::time_point stage_began = started;
};

struct Pipeline::InFlight {
  Run run;
  PublishedUpdate published;
};

/// The outcome of a failure.
void take_error(Outcome& outcome, const Error& error);
/// The request that an entry of the store stands for.
api::UpdateRequest request_for(const std::string& path, const results::FileEntry& entry);

}  // namespace okg::hot_update
