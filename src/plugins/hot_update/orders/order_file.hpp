// Where orders come from: the file that the kubelet
// writes what the pod's annotation says to.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/orders/folder_watch.hpp"
#include "plugins/hot_update/orders/orders.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Whether this pod takes orders: the file is configured,
/// or the folder of the default one is there.
[[nodiscard]] bool are_taken(const OrderSettings& settings);

/// Thread-safe but for begin() and stop().
class OrderFile {
 public:
  /// `settings` and `ledger` outlive it.
  OrderFile(const OrderSettings& settings, Ledger& ledger, Orders::Links links);

  /// Takes the order of now, and from then on each that
  /// replaces it. To be called before anything is restored.
  void begin();
  void stop() { watch_.stop(); }

  void note_ended(const Outcome& outcome) { orders_.note_ended(outcome); }
  [[nodiscard]] results::Entries without_replaced(results::Entries wanted) const {
    return orders_.without_replaced(std::move(wanted));
  }
  [[nodiscard]] std::string not_ready() const { return orders_.not_ready(); }
  /// The fault of the order or its file, for people; empty: none.
  [[nodiscard]] std::string problems() const;

 private:
  [[nodiscard]] Orders::Files read() const;

  const OrderSettings& settings_;
  const Ledger& ledger_;
  Orders orders_;
  std::optional<Error> watch_error_;  ///< set by begin() only
  FolderWatch watch_;                 ///< last: its thread uses the others
};

}  // namespace okg::hot_update
