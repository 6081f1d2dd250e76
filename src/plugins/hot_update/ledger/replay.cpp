#include "plugins/hot_update/ledger/replay.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text/concat.hpp"
#include "plugins/hot_update/ledger/ledger_json.hpp"
#include "plugins/hot_update/ledger/numbers_json.hpp"
#include "plugins/hot_update/ledger/outcome_json.hpp"
#include "plugins/hot_update/ledger/seen_orders_json.hpp"
#include "plugins/hot_update/ledger/state_checks.hpp"

namespace okg::hot_update {
namespace {

using Json = nlohmann::json;

/// Between two syncs: "end", "recorded",
/// "observed" and "start".
constexpr std::size_t kMaxLinesOfACrash = 4;

void read_header(const Json& line, int& format_version) {
  if (line.at("format") != kJournalFormat)
    throw std::invalid_argument("it is of another format: " + line.at("format").dump());
  const auto version = count_of(line.at("version"));
  if (version > static_cast<std::uint64_t>(kJournalVersion))
    throw std::invalid_argument("it is of version " + std::to_string(version) +
                                ", from a newer release; this one reads up to " +
                                std::to_string(kJournalVersion));
  format_version = static_cast<int>(version);
}

/// Throws when the line is not of the form that its kind has.
void apply_line(const Json& line, LedgerState& state, int& format_version) {
  if (line.contains("format")) {
    read_header(line, format_version);
  } else if (line.contains("start")) {
    state.note_started(outcome_of(line.at("start")));
  } else if (line.contains("begin")) {
    state.note_intent(intent_of(line.at("begin")));
  } else if (line.contains("end")) {
    const auto& end = line.at("end");
    state.note_ended(end_of(end), count_of(end.at("keepVersions")));
  } else if (line.contains("recorded")) {
    state.recorded_seq = count_of(line.at("recorded"));
  } else if (line.contains("orders")) {
    state.orders = seen_orders_of(line.at("orders"));
  } else if (line.contains("observed")) {
    state.observed = line.at("observed");
  } else if (line.contains("state")) {
    state = state_of(line.at("state"));
  } else if (!line.value("optional", false)) {
    throw std::invalid_argument("a line of an unknown kind");
  }
}

bool is_there(const files::Folder& folder, const std::string& name) {
  return ::faccessat(folder.fd(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/// The first of `journal.unreadable`,
/// `journal.unreadable.1`, … that is free, or else the last.
std::string name_to_set_aside(const files::Folder& folder, const std::string& journal) {
  auto name = journal + ".unreadable";
  for (int i = 1; i < kMaxSetAside && is_there(folder, name); ++i)
    name = concat(journal, ".unreadable.", i);
  return name;
}

void note_dropped(const Journal::Opened& opened) {
  if (opened.dropped_lines > kMaxLinesOfACrash)
    log::error(
        "the journal is damaged in its middle: what was written behind is lost, and kept versions "
        "with it; what this pod should run comes from its store",
        {{"bytes", opened.dropped_bytes}, {"wholeLines", opened.dropped_lines}});
  else if (opened.dropped_bytes > 0)
    log::warn("cut a torn end off the journal", {{"bytes", opened.dropped_bytes}});
}

Result<OpenedJournal> set_aside(const files::Folder& folder, const std::string& name,
                                const Journal::Limits& limits, const std::string& reason) {
  const auto aside = name_to_set_aside(folder, name);
  if (::renameat(folder.fd(), name.c_str(), folder.fd(), aside.c_str()) != 0)
    return errno_error("rename " + folder.path_of(name) + " to " + aside, errno);
  log::error(
      "the journal cannot be read and is set aside; kept content is lost, and what "
      "this pod should run comes from its store",
      {{"error", reason}, {"file", folder.path_of(aside)}});
  auto fresh = Journal::open(folder, name, limits);
  if (!fresh) return fresh.error();
  return OpenedJournal{std::move(fresh->journal), {}, 0};
}

}  // namespace

Result<LedgerState> replay(const std::vector<std::string>& lines, int& format_version) {
  LedgerState state;
  format_version = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto parsed = parse_json(lines[i]);
    const auto where = "line " + std::to_string(i + 1);
    if (!parsed) return parsed.error().in(where);
    try {
      apply_line(*parsed, state, format_version);
    } catch (const std::exception& error) {
      return fail(ErrorCode::kInvalid, where, ": ", error.what());
    }
  }
  if (auto ok = check_state(state); !ok) return ok.error();
  return state;
}

Result<OpenedJournal> open_journal(const files::Folder& folder, const std::string& name,
                                   Journal::Limits limits) {
  auto opened = Journal::open(folder, name, limits);
  if (!opened && opened.error().code == ErrorCode::kRefused)
    return set_aside(folder, name, limits, opened.error().message);
  if (!opened) return opened.error();
  note_dropped(*opened);
  int format_version = 0;
  auto state = replay(opened->lines, format_version);
  if (!state) return set_aside(folder, name, limits, state.error().message);
  return OpenedJournal{std::move(opened->journal), std::move(*state), format_version};
}

}  // namespace okg::hot_update
