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
#include "store/journal.hpp"
#include "store/result_store.hpp"

namespace okg::hot_update {

/// A file that we put live, and what makes its next fetch conditional.
struct LiveFile {
  store::FileEntry entry;
  std::uint64_t bytes = 0;
  std::string etag;
  std::string last_modified;
  bool operator==(const LiveFile&) const = default;
};

/// Earlier content of a path, held in `<stateDir>/kept/<name>`.
struct KeptFile {
  std::string path;
  std::string name;
  std::optional<LiveFile>
      was;  ///< absent: content that came with the pod, from before we first wrote this path
  bool operator==(const KeptFile&) const = default;
};

/// An update between the moment its content is about to go live and the moment its outcome is
/// known.
struct Pending {
  std::uint64_t seq = 0;
  std::string path;
  LiveFile next;
  std::optional<KeptFile> previous;  ///< absent: there was no regular file
  std::string
      used{};  ///< name of the kept content that goes live again; empty for content from a source
  std::string link{};        ///< where the path led to when it was a symlink
  bool is_answered = false;  ///< it failed, and the old content is still to be put back
  bool operator==(const Pending&) const = default;
};

enum class OutcomeKind { kSucceeded, kUnchanged, kFailed, kRolledBack };
[[nodiscard]] std::string_view to_string(OutcomeKind kind);

struct StageTime {
  std::string stage;
  std::chrono::milliseconds duration{0};
};

/// How one update ended.
struct Outcome {
  std::uint64_t seq = 0;
  OutcomeKind kind = OutcomeKind::kFailed;
  std::string
      stage;  ///< the last stage entered: request, fetch, verify, publish, trigger, confirm, record
  std::string message;
  std::string version;
  std::string url;
  std::string path;
  std::string sha256;  ///< hex; empty when nothing was fetched
  std::uint64_t bytes = 0;
  Timestamp requested_at{};
  Timestamp finished_at{};
  std::chrono::milliseconds duration{0};
  std::vector<StageTime> stages{};         ///< in the order in which they were entered
  ErrorCode error = ErrorCode::kInternal;  ///< why it failed; meaningless when it did not
};

/// Thread-safe.
class Ledger {
 public:
  /// Reads `<state_dir>/journal`. Errors: the journal cannot be read or written.
  static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& state_dir);

  /// The number of the next update.
  [[nodiscard]] std::uint64_t next_seq();
  /// Durable when it returns: the next start tells how this update ended, also when it dies before
  /// begin().
  Result<void> start(const Outcome& under_way);
  /// Durable when it returns: from here on a crash is answered by finishing or undoing this update.
  Result<void> begin(const Pending& pending);
  /// What was begun did not happen, or is undone: there is nothing more to finish or undo.
  void withdraw(std::uint64_t seq);
  /// What only the memory knows is on the disk when it returns.
  Result<void> flush();
  /// The journal lacks something, or says something that is no longer so.
  [[nodiscard]] bool is_behind() const;
  /// Durable when it returns, but for a success: a start that finds only its begin() finishes it
  /// once more. `live`: what the path is now; absent: unchanged by this update.
  struct End {
    Outcome outcome;
    std::optional<LiveFile> live;
    std::optional<KeptFile> kept{};  ///< becomes the newest kept content of its path
    std::string used{};          ///< name of the kept content that is live now and no longer kept
    bool stays_pending = false;  ///< see Pending::is_answered
  };
  /// On an error it is in memory, and written before the next line is. kept() no longer names what
  /// fell out or was used.
  Result<void> end(const End& end, std::size_t keep_versions);
  /// All outcomes up to `seq` are written to the store.
  void mark_recorded(std::uint64_t seq);

  [[nodiscard]] std::optional<LiveFile> live(const std::string& path) const;
  [[nodiscard]] std::map<std::string, LiveFile> all_live() const;
  /// Oldest first.
  [[nodiscard]] std::vector<KeptFile> kept() const;
  /// Oldest first; more than one only while a start restores several files.
  [[nodiscard]] std::vector<Pending> pending() const;
  /// Paths whose old content is still to be put back after an update that failed.
  [[nodiscard]] std::set<std::string> to_be_put_back() const;
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
  explicit Ledger(store::Journal journal) : journal_(std::move(journal)) {}
  static void apply(State& state, const End& end, std::size_t keep_versions);
  Result<void> replay(const std::string& line);
  Result<void> catch_up();
  Result<void> append(std::string_view line, store::Journal::Sync sync);
  Result<void> compact_if_long();
  static std::string to_line(const State& state);

  mutable std::mutex mutex_;
  store::Journal journal_;
  /// The journal may lack a line, or what was not synced of it: before the next one it is written
  /// anew from `state_`.
  bool is_behind_ = false;
  State state_;
};

}  // namespace okg::hot_update
