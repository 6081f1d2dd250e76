// What a start does: finishes or reverts what a crash
// left in progress, and makes the pod run what it should.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/update/obtain/signatures.hpp"
#include "plugins/hot_update/update/pipeline.hpp"
#include "plugins/hot_update/update/restored.hpp"
#include "plugins/hot_update/update/reverts.hpp"
#include "plugins/hot_update/update/run/parts.hpp"

namespace okg::hot_update {

/// Thread-compatible: all calls from the worker's thread.
class Recovery {
 public:
  /// All outlive it.
  Recovery(const Parts& parts, Pipeline& pipeline, Reverts& reverts)
      : parts_(parts), pipeline_(pipeline), reverts_(reverts), signatures_(parts) {}

  /// Finishes or reverts what a crash left in progress. To be called once, first.
  std::vector<Outcome> resolve_interrupted(const std::stop_token& stop);

  /// Makes `wanted` live where it is not already, with one notification for all.
  Restored restore(results::Entries wanted, const std::stop_token& stop);

 private:
  /// The update, when all of its targets are live.
  [[nodiscard]] std::optional<LiveUpdate> find_live(const Intent& intent) const;
  Outcome end_interrupted(const Intent& intent, const std::stop_token& stop);
  /// Whether nothing has to be done: it is live,
  /// or something that was asked for later is.
  [[nodiscard]] bool is_satisfied(const std::string& path, const results::Entry& wanted) const;
  /// Whether a folder above the path, asked for later, is live or wanted.
  [[nodiscard]] bool is_replaced(const std::string& path, const results::Entries& wanted) const;
  [[nodiscard]] bool may_adopt(const std::string& path, const results::Entry& entry) const;
  Outcome adopt(const std::string& path, const results::Entry& entry);
  std::vector<PlannedUpdate> plan(results::Entries& wanted, Restored& restored);
  void add_what_is_in(std::vector<PlannedUpdate>& updates, results::Entries& wanted) const;

  const Parts& parts_;
  Pipeline& pipeline_;
  Reverts& reverts_;
  Signatures signatures_;
};

}  // namespace okg::hot_update
