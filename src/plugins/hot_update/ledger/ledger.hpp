// The pod's content, its updates and their outcomes: the typed state
// kept in the journal. Every promise made to a caller is a line here first.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/journal.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

/// Thread-safe. state() never waits for the disk.
class Ledger {
 public:
  /// Reads `journal` in the state directory. One that this release cannot
  /// read is set aside under another name, and said in the log; the ledger
  /// is then empty. Errors: the journal cannot be opened or written.
  static Result<std::unique_ptr<Ledger>> open(const files::Folder& state_dir,
                                              Journal::Limits limits = {});

  /// The state of now.
  [[nodiscard]] std::shared_ptr<const LedgerState> state() const;

  /// The number of the next update.
  [[nodiscard]] std::uint64_t next_seq();
  /// Durable when it returns: the next start says how this
  /// update ended, also when it dies before its intent.
  Result<void> note_started(const Outcome& in_progress);
  /// Durable when it returns: from here on a crash is
  /// answered by finishing or reverting this update.
  Result<void> note_intent(const Intent& intent);
  /// The intent came to nothing, or is
  /// reverted: nothing is left to finish or revert.
  void drop_intent(std::uint64_t seq);
  /// Writes to the disk all that only the memory knows.
  Result<void> flush();
  /// The journal lacks something, or says something that is no longer so.
  [[nodiscard]] bool is_behind() const;
  /// Durable when it returns, but for a success: a start that
  /// finds only its intent finishes it once more. On an error it
  /// is in memory only, and is written before the next line.
  Result<void> note_ended(const UpdateEnd& end, std::size_t keep_versions);
  /// Durable when it returns. On an error the change is in memory only, and
  /// is written before the next line. Returns whether anything changed.
  Result<bool> change_orders(const std::function<void(SeenOrders&)>& how);
  /// The pod says of its orders what has this digest; empty: nothing.
  void mark_observed(const std::string& digest);
  /// All outcomes up to `seq` are written to the store.
  void mark_recorded(std::uint64_t seq);

 private:
  explicit Ledger(Journal journal);
  void change(const std::function<void(LedgerState&)>& how);
  Result<void> catch_up();
  Result<void> append(std::string_view line, Journal::Sync sync);
  /// Writes a line before anything is done. Without it, nothing changes.
  Result<void> promise(std::string_view line, const std::function<void(LedgerState&)>& how);
  Result<void> rewrite();
  void shorten();

  /// Held by writers, also while the disk takes what they write.
  mutable std::mutex writing_;
  Journal journal_;
  /// The journal may lack a line, or what was not synced of it:
  /// before the next one it is written again from the state.
  bool is_behind_ = false;
  std::uint64_t compact_above_;  ///< bytes of the journal

  /// Held for the copy of a pointer.
  mutable std::mutex reading_;
  std::shared_ptr<const LedgerState> state_ = std::make_shared<const LedgerState>();
};

}  // namespace okg::hot_update
