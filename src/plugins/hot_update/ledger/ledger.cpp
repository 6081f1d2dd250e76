#include "plugins/hot_update/ledger/ledger.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "plugins/hot_update/ledger/ledger_json.hpp"

namespace okg::hot_update {

using Json = nlohmann::json;

namespace {

constexpr std::uint64_t kCompactAboveBytes = 256 * 1024;

/// Messages may quote bytes of a server's answer, which need not be UTF-8.
std::string dump(const Json& json) { return to_text(json); }

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(const std::filesystem::path& state_dir) {
  auto opened = Journal::open(state_dir / "journal");
  if (!opened) return opened.error();
  if (opened->dropped_bytes > 0)
    log::warn("cut a torn end off the journal", {{"bytes", opened->dropped_bytes}});
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(opened->journal)));
  for (const auto& line : opened->lines)
    if (auto ok = ledger->replay(line); !ok) return ok.error();
  return ledger;
}

Result<void> Ledger::replay(const std::string& line) {
  try {
    const auto json = Json::parse(line);
    if (json.contains("start")) {
      state_.started.push_back(outcome_of(json.at("start")));
      state_.last_seq = std::max(state_.last_seq, state_.started.back().seq);
    } else if (json.contains("begin")) {
      state_.pending.push_back(pending_of(json.at("begin")));
      state_.last_seq = std::max(state_.last_seq, state_.pending.back().seq);
    } else if (json.contains("end")) {
      apply(state_, end_of(json.at("end")), count_of(json.at("end").at("keepVersions")));
    } else if (json.contains("recorded")) {
      state_.recorded_seq = count_of(json.at("recorded"));
    } else {
      State state;
      const auto& all = json.at("state");
      state.last_seq = count_of(all.at("lastSeq"));
      state.recorded_seq = count_of(all.at("recordedSeq"));
      for (const auto& [path, file] : all.at("live").items()) state.live[path] = live_of(file);
      for (const auto& kept : all.at("kept")) state.kept.push_back(kept_of(kept));
      for (const auto& outcome : all.at("started")) state.started.push_back(outcome_of(outcome));
      for (const auto& pending : all.at("pending")) state.pending.push_back(pending_of(pending));
      for (const auto& outcome : all.at("history")) state.history.push_back(outcome_of(outcome));
      state_ = std::move(state);
    }
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInternal,
                std::string("the journal holds a line that this version cannot read: ") +
                    error.what() + "; remove the state directory to begin anew");
  }
  return {};
}

std::string Ledger::to_line(const State& state) {
  Json live = Json::object();
  for (const auto& [path, file] : state.live) live[path] = to_json(file);
  Json kept = Json::array();
  for (const auto& file : state.kept) kept.push_back(to_json(file));
  Json started = Json::array();
  for (const auto& outcome : state.started) started.push_back(to_json(outcome));
  Json pending = Json::array();
  for (const auto& update : state.pending) pending.push_back(to_json(update));
  Json history = Json::array();
  for (const auto& outcome : state.history) history.push_back(to_json(outcome));
  return dump({{"state",
                {{"lastSeq", state.last_seq},
                 {"recordedSeq", state.recorded_seq},
                 {"live", std::move(live)},
                 {"kept", std::move(kept)},
                 {"started", std::move(started)},
                 {"pending", std::move(pending)},
                 {"history", std::move(history)}}}});
}

Result<void> Ledger::catch_up() {
  if (!is_behind_ && !journal_.may_be_replaced()) return {};
  auto ok = journal_.rewrite(to_line(state_));
  is_behind_ = !ok;
  return ok;
}

Result<void> Ledger::flush() {
  const std::lock_guard lock(mutex_);
  return catch_up();
}

bool Ledger::is_behind() const {
  const std::lock_guard lock(mutex_);
  return is_behind_ || journal_.may_be_replaced();
}

Result<void> Ledger::append(std::string_view line, Journal::Sync sync) {
  if (auto ok = catch_up(); !ok) return ok;
  auto written = journal_.append(line, sync);
  is_behind_ = !written;
  return written;
}

Result<void> Ledger::compact_if_long() {
  if (journal_.size_bytes() < kCompactAboveBytes) return {};
  return journal_.rewrite(to_line(state_));
}

std::uint64_t Ledger::next_seq() {
  const std::lock_guard lock(mutex_);
  return ++state_.last_seq;
}

Result<void> Ledger::note_started(const Outcome& in_progress) {
  const std::lock_guard lock(mutex_);
  if (auto ok = append(dump({{"start", to_json(in_progress)}}), Journal::Sync::kYes); !ok)
    return ok;
  state_.started.push_back(in_progress);
  return {};
}

Result<void> Ledger::note_intent(const Pending& pending) {
  const std::lock_guard lock(mutex_);
  if (auto ok = append(dump({{"begin", to_json(pending)}}), Journal::Sync::kYes); !ok) return ok;
  state_.pending.push_back(pending);
  return {};
}

void Ledger::drop_intent(std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  std::erase_if(state_.pending, [&](const Pending& pending) { return pending.seq == seq; });
  is_behind_ = true;
}

void Ledger::apply(State& state, const UpdateEnd& end, std::size_t keep_versions) {
  state.last_seq = std::max(state.last_seq, end.outcome.seq);
  std::erase_if(state.started,
                [&](const Outcome& started) { return started.seq == end.outcome.seq; });
  std::erase_if(state.pending, [&](Pending& pending) {
    if (pending.seq != end.outcome.seq) return false;
    pending.needs_revert = end.needs_revert;
    return !end.needs_revert;
  });
  for (const auto& path : end.paths) apply(state, path, keep_versions);
  state.history.push_back(end.outcome);
  while (state.history.size() > kHistory) state.history.pop_front();
}

void Ledger::apply(State& state, const PathEnd& end, std::size_t keep_versions) {
  const auto is_of_path = [&](const auto& each) { return each.path == end.path; };
  if (end.live) {
    state.live[end.path] = *end.live;
    // What an earlier update left to revert is replaced now.
    for (auto& pending : state.pending)
      if (pending.needs_revert) std::erase_if(pending.targets, is_of_path);
    std::erase_if(state.pending, [](const Pending& pending) { return pending.targets.empty(); });
  }
  if (end.kept) state.kept.push_back(*end.kept);
  std::erase_if(state.kept, [&](const KeptFile& kept) { return kept.name == end.used_kept; });
  auto count = std::count_if(state.kept.begin(), state.kept.end(), is_of_path);
  std::erase_if(state.kept, [&](const KeptFile& kept) {
    if (!is_of_path(kept) || static_cast<std::size_t>(count) <= keep_versions) return false;
    --count;
    return true;
  });
}

Result<void> Ledger::note_ended(const UpdateEnd& end, std::size_t keep_versions) {
  const std::lock_guard lock(mutex_);
  const bool begun =
      std::any_of(state_.pending.begin(), state_.pending.end(),
                  [&](const Pending& pending) { return pending.seq == end.outcome.seq; });
  const auto sync = begun && end.outcome.kind == OutcomeKind::kSucceeded ? Journal::Sync::kNo
                                                                         : Journal::Sync::kYes;
  auto written = append(dump({{"end", to_json(end, keep_versions)}}), sync);
  apply(state_, end, keep_versions);
  if (!written) return written;
  if (auto ok = compact_if_long(); !ok)
    log::warn("the journal could not be shortened", {{"error", ok.error().message}});
  return {};
}

void Ledger::mark_recorded(std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  if (seq <= state_.recorded_seq) return;
  state_.recorded_seq = seq;
  // Not synced: when this line is lost, the same record is written once more, which changes
  // nothing.
  if (auto ok = append(dump({{"recorded", seq}}), Journal::Sync::kNo); !ok)
    log::warn("the journal did not take that a result is recorded",
              {{"error", ok.error().message}});
}

std::optional<LiveFile> Ledger::live(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = state_.live.find(path);
  if (found == state_.live.end()) return std::nullopt;
  return found->second;
}

std::map<std::string, LiveFile> Ledger::all_live() const {
  const std::lock_guard lock(mutex_);
  return state_.live;
}

std::vector<KeptFile> Ledger::kept() const {
  const std::lock_guard lock(mutex_);
  return state_.kept;
}

std::vector<Pending> Ledger::pending() const {
  const std::lock_guard lock(mutex_);
  return state_.pending;
}

std::set<std::string> Ledger::paths_to_revert() const {
  const std::lock_guard lock(mutex_);
  std::set<std::string> paths;
  for (const auto& pending : state_.pending)
    if (pending.needs_revert)
      for (const auto& target : pending.targets) paths.insert(target.path);
  return paths;
}

std::vector<Outcome> Ledger::started() const {
  const std::lock_guard lock(mutex_);
  return state_.started;
}

std::deque<Outcome> Ledger::history() const {
  const std::lock_guard lock(mutex_);
  return state_.history;
}

std::uint64_t Ledger::recorded_seq() const {
  const std::lock_guard lock(mutex_);
  return state_.recorded_seq;
}

std::optional<Outcome> Ledger::last() const {
  const std::lock_guard lock(mutex_);
  if (state_.history.empty()) return std::nullopt;
  return state_.history.back();
}

std::optional<Outcome> Ledger::unrecorded() const {
  const std::lock_guard lock(mutex_);
  if (state_.history.empty() || state_.history.back().seq <= state_.recorded_seq)
    return std::nullopt;
  return state_.history.back();
}

}  // namespace okg::hot_update
