// Reads a journal at a start: its lines become the state that they tell of.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "files/folder.hpp"
#include "plugins/hot_update/ledger/journal.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"

namespace okg::hot_update {

struct OpenedJournal {
  Journal journal;
  LedgerState state;
  int format_version = 0;  ///< see docs/journal.md; 0: of release 0.1.0, which named none
};

/// The state that the lines tell of. Lines of an unknown kind are skipped where they
/// say that they are optional. Errors: kInvalid, a line or a version that
/// this release cannot read, or a state that it could not have written.
Result<LedgerState> replay(const std::vector<std::string>& lines, int& format_version);

/// Opens the file of that name, or creates it. One that cannot be read
/// is renamed to `journal.unreadable` (with a number where there is one
/// already; at most kMaxSetAside are left), which is logged as an error:
/// the pod then gets its content from its store. Errors: as errno says.
Result<OpenedJournal> open_journal(const files::Folder& folder, const std::string& name,
                                   Journal::Limits limits = {});

/// In the state directory.
inline constexpr const char* kJournalFile = "journal";

inline constexpr int kMaxSetAside = 3;

}  // namespace okg::hot_update
