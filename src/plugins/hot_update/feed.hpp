// Events of updates and results: sent once, heard by all who listen.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "plugins/hot_update/ledger/stage.hpp"
#include "results/result_store.hpp"

namespace okg::hot_update {

/// The queue has one update more, or one less that has been cancelled.
struct QueueChanged {};
/// The update in progress is in this stage; nothing: it has ended.
struct StageEntered {
  std::optional<Stage> stage;
};
/// An update has ended, whoever asked for it. It is in the ledger.
struct UpdateEnded {
  Outcome outcome;
};
/// The store has said what this pod should run. Once for each start.
struct WantedKnown {
  results::Wanted wanted;
};
/// An attempt to write to the store begins or has ended; says whether a result waits for it.
struct RecordTried {
  bool is_unrecorded = false;
};
/// A path that a start should have restored, and could not yet.
struct NotRestored {
  std::string path;
  Error why;
};
using Event =
    std::variant<QueueChanged, StageEntered, UpdateEnded, WantedKnown, RecordTried, NotRestored>;

/// Thread-safe once all listeners are there.
class Feed {
 public:
  using Listener = std::function<void(const Event&)>;

  /// To be called before the first event. The listener outlives those who send.
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  /// Calls the listeners in their order, on this thread. The caller holds no lock.
  void send(const Event& event) const {
    for (const auto& listener : listeners_) listener(event);
  }

 private:
  std::vector<Listener> listeners_;
};

}  // namespace okg::hot_update
