// What this pod runs, what is under way and what came of it: the typed state kept in the journal.
// Every promise made to a caller is a line here first.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/ledger/journal.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

/// Thread-safe.
class Ledger {
 public:
  /// Reads `<state_dir>/journal`. Errors: the journal cannot be read or written.
  static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& state_dir);

  /// The number of the next update.
  [[nodiscard]] std::uint64_t next_seq();
  /// Durable when it returns: the next start tells how this update ended, also when it dies before
  /// begin().
  Result<void> note_started(const Outcome& in_progress);
  /// Durable when it returns: from here on a crash is answered by finishing or undoing this update.
  Result<void> note_intent(const Pending& pending);
  /// What was begun did not happen, or is undone: there is nothing more to finish or undo.
  void drop_intent(std::uint64_t seq);
  /// What only the memory knows is on the disk when it returns.
  Result<void> flush();
  /// The journal lacks something, or says something that is no longer so.
  [[nodiscard]] bool is_behind() const;
  /// Durable when it returns, but for a success: a start that finds only its intent finishes it
  /// once more. `live`: what the path is now; absent: unchanged by this update.
  /// On an error it is in memory, and written before the next line is. kept() no longer names what
  /// fell out or was used.
  Result<void> note_ended(const UpdateEnd& end, std::size_t keep_versions);
  /// All outcomes up to `seq` are written to the store.
  void mark_recorded(std::uint64_t seq);

  [[nodiscard]] std::optional<LiveFile> live(const std::string& path) const;
  [[nodiscard]] std::map<std::string, LiveFile> all_live() const;
  /// Oldest first.
  [[nodiscard]] std::vector<KeptFile> kept() const;
  /// Oldest first; more than one only while a start restores several files.
  [[nodiscard]] std::vector<Pending> pending() const;
  /// Paths whose old content is still to be reverted to after an update that failed.
  [[nodiscard]] std::set<std::string> paths_to_revert() const;
  /// Updates that have started and not ended, oldest first; those that began are in pending() as
  /// well.
  [[nodiscard]] std::vector<Outcome> started() const;
  /// Newest last, at most kHistory.
  [[nodiscard]] std::deque<Outcome> history() const;
  [[nodiscard]] std::uint64_t recorded_seq() const;
  [[nodiscard]] std::optional<Outcome> last() const;
  /// The newest outcome when it is not recorded yet.
  [[nodiscard]] std::optional<Outcome> unrecorded() const;

  static constexpr std::size_t kHistory = 20;

 private:
  struct State {
    std::uint64_t last_seq = 0;
    std::uint64_t recorded_seq = 0;
    std::map<std::string, LiveFile> live;
    std::vector<KeptFile> kept;  ///< oldest first
    std::vector<Outcome> started;
    std::vector<Pending> pending;
    std::deque<Outcome> history;
  };
  explicit Ledger(Journal journal) : journal_(std::move(journal)) {}
  static void apply(State& state, const UpdateEnd& end, std::size_t keep_versions);
  static void apply(State& state, const PathEnd& end, std::size_t keep_versions);
  Result<void> replay(const std::string& line);
  Result<void> catch_up();
  Result<void> append(std::string_view line, Journal::Sync sync);
  Result<void> compact_if_long();
  static std::string to_line(const State& state);

  mutable std::mutex mutex_;
  Journal journal_;
  /// The journal may lack a line, or what was not synced of it: before the next one it is written
  /// anew from `state_`.
  bool is_behind_ = false;
  State state_;
};

}  // namespace okg::hot_update
