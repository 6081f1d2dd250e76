// The order of one update: request -> fetch -> verify -> publish -> trigger -> end. Ordinary sequential code on one thread;
// only this file knows the order, and each step takes the type that the step before it makes.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "http/client.hpp"
#include "plugins/hot_update/ledger.hpp"
#include "plugins/hot_update/publish.hpp"
#include "plugins/hot_update/request.hpp"
#include "plugins/hot_update/settings.hpp"
#include "plugins/hot_update/state_dir.hpp"

namespace okg::hot_update {

/// Thread-compatible: all calls from the worker's thread.
class Pipeline {
 public:
  /// All references outlive the pipeline. `on_stage` hears the name of each stage as it begins.
  Pipeline(const Settings& settings, const StateDir& state, Ledger& ledger, std::function<void(std::string_view)> on_stage);

  /// Carries one update to its end, which is in the ledger when this returns. Failures are outcomes.
  Outcome update(const UpdateRequest& request, const std::stop_token& stop);

  /// Finishes or undoes what a crash left under way. To be called once, first.
  std::vector<Outcome> resolve_interrupted(const std::stop_token& stop);

  /// Makes `wanted` live where it is not already, with one trigger for all. Returns the outcomes of the paths that it touched;
  /// the paths that are right now are removed from `wanted`.
  std::vector<Outcome> restore(store::Files& wanted, const std::stop_token& stop);

 private:
  struct Unchanged {};
  using PutLive = std::variant<PublishedUpdate, Unchanged>;
  struct Run;  ///< one update on its way to its outcome

  Result<PutLive> put_live(const UpdateRequest& request, Run& run, const std::stop_token& stop);
  bool is_live(const std::string& path, const store::FileEntry& wanted) const;
  void undo(const Pending& pending, Run& run);
  Outcome finish(Run& run, Ledger::End end);
  void enter(Run& run, std::string_view stage);

  const Settings& settings_;
  const StateDir& state_;
  Ledger& ledger_;
  std::function<void(std::string_view)> on_stage_;
  Publisher publisher_;
  /// Made at the first fetch: a sidecar that never updates pays nothing for it.
  std::unique_ptr<http::Client> client_;
};

}  // namespace okg::hot_update
