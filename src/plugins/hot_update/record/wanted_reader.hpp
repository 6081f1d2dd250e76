// Learns from the store what this pod should run: once, when that works.
#pragma once

#include <functional>
#include <stop_token>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "results/result_store.hpp"

namespace okg::hot_update {

/// Thread-compatible. All references outlive it.
class WantedReader {
 public:
  using OnWanted = std::function<void(const results::Wanted&)>;

  WantedReader(results::ResultStore& store, const Ledger& ledger, OnWanted on_wanted);

  /// One attempt; nothing to do once one has worked. Errors: the store's.
  Result<void> read(const std::stop_token& stop);
  [[nodiscard]] bool is_done() const { return is_done_; }

 private:
  results::ResultStore& store_;
  const Ledger& ledger_;
  OnWanted on_wanted_;
  bool is_done_ = false;
};

}  // namespace okg::hot_update
