#include "plugins/hot_update/ledger.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.hpp"

namespace okg::hot_update {

using Json = nlohmann::json;

std::string_view to_string(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kSucceeded: return "Succeeded";
    case OutcomeKind::kUnchanged: return "Unchanged";
    case OutcomeKind::kFailed: return "Failed";
    case OutcomeKind::kRolledBack: return "RolledBack";
  }
  return "Failed";
}

namespace {

constexpr std::uint64_t kCompactAboveBytes = 256 * 1024;

// The shapes of the journal's lines. They are ours alone: written and read by this file, and checked by the journal's checksum,
// so a member that is missing is a programming error and throws; replay() turns that into an Error.

Json time_json(Timestamp time) { return time.time_since_epoch().count(); }
Timestamp time_of(const Json& json) { return Timestamp(std::chrono::microseconds(json.get<std::int64_t>())); }

Json to_json(const LiveFile& file) {
  return {{"version", file.entry.version},
          {"url", file.entry.url},
          {"sha256", file.entry.sha256 ? Json(file.entry.sha256->hex()) : Json()},
          {"scope", store::to_string(file.entry.scope)},
          {"requestedAt", time_json(file.entry.requested_at)},
          {"bytes", file.bytes},
          {"etag", file.etag},
          {"lastModified", file.last_modified}};
}

LiveFile live_of(const Json& json) {
  LiveFile file;
  file.entry.version = json.at("version");
  file.entry.url = json.at("url");
  if (!json.at("sha256").is_null()) file.entry.sha256 = Sha256::parse(json.at("sha256").get<std::string>()).value();
  file.entry.scope = store::parse_scope(json.at("scope").get<std::string>()).value();
  file.entry.requested_at = time_of(json.at("requestedAt"));
  file.bytes = json.at("bytes");
  file.etag = json.at("etag");
  file.last_modified = json.at("lastModified");
  return file;
}

Json to_json(const KeptFile& kept) {
  return {{"path", kept.path}, {"name", kept.name}, {"was", kept.was ? to_json(*kept.was) : Json()}};
}

KeptFile kept_of(const Json& json) {
  KeptFile kept{json.at("path"), json.at("name"), {}};
  if (!json.at("was").is_null()) kept.was = live_of(json.at("was"));
  return kept;
}

Json to_json(const Pending& pending) {
  return {{"seq", pending.seq},
          {"path", pending.path},
          {"next", to_json(pending.next)},
          {"previous", pending.previous ? to_json(*pending.previous) : Json()},
          {"used", pending.used}};
}

Pending pending_of(const Json& json) {
  Pending pending{json.at("seq"), json.at("path"), live_of(json.at("next")), {}, json.value("used", "")};
  if (!json.at("previous").is_null()) pending.previous = kept_of(json.at("previous"));
  return pending;
}

Json to_json(const Outcome& outcome) {
  Json stages = Json::array();
  for (const auto& [stage, duration] : outcome.stages) stages.push_back({stage, duration.count()});
  return {{"seq", outcome.seq},
          {"kind", static_cast<int>(outcome.kind)},
          {"stage", outcome.stage},
          {"message", outcome.message},
          {"version", outcome.version},
          {"url", outcome.url},
          {"path", outcome.path},
          {"sha256", outcome.sha256},
          {"bytes", outcome.bytes},
          {"requestedAt", time_json(outcome.requested_at)},
          {"finishedAt", time_json(outcome.finished_at)},
          {"durationMs", outcome.duration.count()},
          {"stages", std::move(stages)},
          {"error", static_cast<int>(outcome.error)}};
}

Outcome outcome_of(const Json& json) {
  Outcome outcome;
  outcome.seq = json.at("seq");
  outcome.kind = static_cast<OutcomeKind>(json.at("kind").get<int>());
  outcome.stage = json.at("stage");
  outcome.message = json.at("message");
  outcome.version = json.at("version");
  outcome.url = json.at("url");
  outcome.path = json.at("path");
  outcome.sha256 = json.at("sha256");
  outcome.bytes = json.at("bytes");
  outcome.requested_at = time_of(json.at("requestedAt"));
  outcome.finished_at = time_of(json.at("finishedAt"));
  outcome.duration = std::chrono::milliseconds(json.at("durationMs").get<std::int64_t>());
  for (const auto& stage : json.value("stages", Json::array()))
    outcome.stages.push_back({stage.at(0), std::chrono::milliseconds(stage.at(1).get<std::int64_t>())});
  outcome.error = static_cast<ErrorCode>(json.at("error").get<int>());
  return outcome;
}

Json to_json(const Ledger::End& end, std::size_t keep_versions) {
  return {{"outcome", to_json(end.outcome)},
          {"live", end.live ? to_json(*end.live) : Json()},
          {"removed", end.removed},
          {"kept", end.kept ? to_json(*end.kept) : Json()},
          {"used", end.used},
          {"keepVersions", keep_versions}};
}

Ledger::End end_of(const Json& json) {
  Ledger::End end{outcome_of(json.at("outcome")), {}, json.at("removed"), {}, json.value("used", "")};
  if (!json.at("live").is_null()) end.live = live_of(json.at("live"));
  if (!json.at("kept").is_null()) end.kept = kept_of(json.at("kept"));
  return end;
}

/// Messages may quote bytes of a server's answer, which need not be UTF-8.
std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(const std::filesystem::path& state_dir) {
  auto opened = store::Journal::open(state_dir / "journal");
  if (!opened) return fail(std::move(opened).error());
  if (opened->dropped_bytes > 0)
    log::warn("cut a torn end off the journal", {{"bytes", std::to_string(opened->dropped_bytes)}});
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(opened->journal)));
  for (const auto& line : opened->lines)
    if (auto ok = ledger->replay(line); !ok) return fail(std::move(ok).error());
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
      apply(state_, end_of(json.at("end")), json.at("end").at("keepVersions"));
    } else if (json.contains("recorded")) {
      state_.recorded_seq = json.at("recorded");
    } else {
      State state;
      const auto& all = json.at("state");
      state.last_seq = all.at("lastSeq");
      state.recorded_seq = all.at("recordedSeq");
      for (const auto& [path, file] : all.at("live").items()) state.live[path] = live_of(file);
      for (const auto& kept : all.at("kept")) state.kept.push_back(kept_of(kept));
      for (const auto& outcome : all.at("started")) state.started.push_back(outcome_of(outcome));
      for (const auto& pending : all.at("pending")) state.pending.push_back(pending_of(pending));
      for (const auto& outcome : all.at("history")) state.history.push_back(outcome_of(outcome));
      state_ = std::move(state);
    }
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInternal, std::string("the journal holds a line that this version cannot read: ") + error.what() +
                                          "; remove the state directory to begin anew");
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

Result<void> Ledger::compact_if_long() {
  if (journal_.size_bytes() < kCompactAboveBytes) return {};
  return journal_.rewrite(to_line(state_));
}

std::uint64_t Ledger::next_seq() {
  const std::lock_guard lock(mutex_);
  return ++state_.last_seq;
}

Result<void> Ledger::start(const Outcome& under_way) {
  const std::lock_guard lock(mutex_);
  if (auto ok = journal_.append(dump({{"start", to_json(under_way)}}), store::Journal::Sync::kYes); !ok) return ok;
  state_.started.push_back(under_way);
  return {};
}

Result<void> Ledger::begin(const Pending& pending) {
  const std::lock_guard lock(mutex_);
  if (auto ok = journal_.append(dump({{"begin", to_json(pending)}}), store::Journal::Sync::kYes); !ok) return ok;
  state_.pending.push_back(pending);
  return {};
}

std::vector<KeptFile> Ledger::apply(State& state, const End& end, std::size_t keep_versions) {
  const auto& path = end.outcome.path;
  state.last_seq = std::max(state.last_seq, end.outcome.seq);
  if (end.live) state.live[path] = *end.live;
  if (end.removed) state.live.erase(path);
  if (end.kept) state.kept.push_back(*end.kept);
  std::erase_if(state.started, [&](const Outcome& started) { return started.seq == end.outcome.seq; });
  std::erase_if(state.pending, [&](const Pending& pending) { return pending.seq == end.outcome.seq; });
  state.history.push_back(end.outcome);
  while (state.history.size() > kHistory) state.history.pop_front();

  std::vector<KeptFile> dropped;
  const auto is_used = [&](const KeptFile& kept) { return kept.name == end.used; };
  std::copy_if(state.kept.begin(), state.kept.end(), std::back_inserter(dropped), is_used);
  std::erase_if(state.kept, is_used);
  auto count = static_cast<std::size_t>(
      std::count_if(state.kept.begin(), state.kept.end(), [&](const KeptFile& kept) { return kept.path == path; }));
  for (auto kept = state.kept.begin(); kept != state.kept.end() && count > keep_versions;) {
    if (kept->path != path) {
      ++kept;
      continue;
    }
    dropped.push_back(std::move(*kept));
    kept = state.kept.erase(kept);
    --count;
  }
  return dropped;
}

Result<std::vector<KeptFile>> Ledger::end(const End& end, std::size_t keep_versions) {
  const std::lock_guard lock(mutex_);
  const bool begun = std::any_of(state_.pending.begin(), state_.pending.end(),
                                 [&](const Pending& pending) { return pending.seq == end.outcome.seq; });
  const auto sync =
      begun && end.outcome.kind == OutcomeKind::kSucceeded ? store::Journal::Sync::kNo : store::Journal::Sync::kYes;
  auto written = journal_.append(dump({{"end", to_json(end, keep_versions)}}), sync);
  auto dropped = apply(state_, end, keep_versions);
  if (!written) return fail(std::move(written).error());
  if (auto ok = compact_if_long(); !ok) log::warn("the journal could not be shortened", {{"error", ok.error().message}});
  return dropped;
}

void Ledger::mark_recorded(std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  if (seq <= state_.recorded_seq) return;
  state_.recorded_seq = seq;
  // Not synced: when this line is lost, the same record is written once more, which changes nothing.
  if (auto ok = journal_.append(dump({{"recorded", seq}}), store::Journal::Sync::kNo); !ok)
    log::warn("the journal did not take that a result is recorded", {{"error", ok.error().message}});
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
  if (state_.history.empty() || state_.history.back().seq <= state_.recorded_seq) return std::nullopt;
  return state_.history.back();
}

}  // namespace okg::hot_update
