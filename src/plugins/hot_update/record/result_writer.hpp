// Writes the newest outcome of the ledger, all that
// is live, and what came of orders, to the store.
#pragma once

#include <cstdint>
#include <stop_token>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "results/result_store.hpp"

namespace okg::hot_update {

/// Thread-compatible. All references outlive it. Outcomes of a later number than
/// `told_seq` wait: what the pod's order says of them may not be in the ledger yet.
class ResultWriter {
 public:
  ResultWriter(results::ResultStore& store, Ledger& ledger);

  /// One attempt; nothing to do when the store has it all. Errors: the store's.
  Result<void> write(std::uint64_t told_seq, const std::stop_token& stop);
  /// Whether something is to be written.
  [[nodiscard]] bool has_work(std::uint64_t told_seq) const;

 private:
  enum class Store {
    kPerhapsStale,  ///< It may be older than what the ledger counts as recorded: at a start, a
                    ///< store that is not durable may have lost it.
    kCurrent,       ///< It has what the ledger counts as recorded.
  };

  results::ResultStore& store_;
  Ledger& ledger_;
  Store state_;
};

}  // namespace okg::hot_update
