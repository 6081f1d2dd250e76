// Obeys the order that the kubelet keeps in a file: compares what is
// ordered with what is live, and queues what differs, like a caller would.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "plugins/hot_update/orders/order.hpp"
#include "plugins/hot_update/work/job.hpp"
#include "results/entry.hpp"

namespace okg::hot_update {

/// Thread-safe; take() from one thread at a time.
class Orders {
 public:
  /// The calls that orders make to the rest.
  struct Links {
    /// Queues a job. Errors: kStopping.
    std::function<Result<void>(Job)> enqueue;
    /// Whether a caller could ask for this. Errors: kInvalid.
    std::function<Result<void>(const api::UpdateRequest&)> admit;
    /// Something changed that operators see.
    std::function<void()> on_seen;
    /// The URL of an order as what is live has it.
    std::function<std::string(const std::string&)> url_as_recorded = [](const std::string& url) {
      return url;
    };
  };

  /// The text of the kubelet's files.
  struct Files {
    Result<std::string> order;
    std::string hold;  ///< why orders wait; empty: they do not
  };

  /// `ledger` outlives it.
  Orders(Ledger& ledger, Links links);

  /// The first text, before anything is restored. What was
  /// left of it by an earlier life of the sidecar is done now.
  void begin(Files files);
  /// Reads them again. An order that cannot be read changes nothing.
  void take(Files files);
  /// An update has ended, whoever asked for it. A
  /// call of a later time overtakes the order.
  void note_ended(const Outcome& outcome);

  /// `wanted` without what an order has replaced.
  [[nodiscard]] results::Entries without_replaced(results::Entries wanted) const;
  /// Why the pod is not ready: what it was ordered
  /// at its start is not done. Empty: it is.
  [[nodiscard]] std::string not_ready() const;

 private:
  enum class When { kStart, kLater };
  struct InHand {
    std::string digest;  ///< of the order that is queued
    std::optional<PreviousContent> before{};
  };
  // These need `mutex_`.
  void take(Files files, When when);
  void consider_all(When when);
  void note_text(Order text, When when);
  void note_malformed(std::map<std::string, std::string> malformed);
  void see(SeenOrders& seen, const std::string& path, const PathOrder& order, When when);
  void consider(const std::string& path, When when);
  void end_superseded(const std::string& path, const PathOrder& order);
  void wait(const std::string& path);
  void enqueue(const std::string& path, Timestamp time, When when);
  [[nodiscard]] bool has_newer(const std::string& path) const;
  /// Changes what is seen of the path while the
  /// order of that digest is the one that stands.
  void note(const std::string& path, const std::string& digest,
            const std::function<void(SeenOrder&)>& how);
  void change(const std::function<void(SeenOrders&)>& how);

  // Called from the worker's thread.
  [[nodiscard]] bool may_begin(const std::string& path, const std::string& digest);
  void end(const std::string& path, const std::string& digest, const Result<Outcome>& ended);
  void end_live_already(const std::string& path, const std::string& digest);
  /// The request it was queued with, when it is the one that is queued.
  InHand take_from_hand(const std::string& path, const std::string& digest);

  Ledger& ledger_;
  Links links_;
  /// Held while the journal is written.
  std::mutex mutex_;
  std::map<std::string, PathOrder> ordered_;
  std::map<std::string, InHand> in_hand_;
  std::string hold_;

  /// Held for a moment.
  mutable std::mutex reading_;
  std::set<std::string> awaited_;  ///< paths that the pod's readiness waits for
  std::set<std::string> first_;    ///< paths that had neither order nor content before this start
};

}  // namespace okg::hot_update
