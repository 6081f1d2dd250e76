#include "plugins/hot_update/ledger/ledger.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "plugins/hot_update/ledger/ledger_json.hpp"
#include "plugins/hot_update/ledger/replay.hpp"
#include "plugins/hot_update/ledger/seen_orders_json.hpp"

namespace okg::hot_update {
namespace {

constexpr std::uint64_t kMinCompactBytes = 256 * 1024;

/// With the settings that decide how much a journal holds.
Result<void> with_cure_of_journal(const Result<void>& written) {
  if (written) return written;
  if (written.error().reason == Reason::kJournalFull)
    return written.error().advise("lower maxPaths or keepVersions");
  return written;
}

}  // namespace

Ledger::Ledger(Journal journal) : journal_(std::move(journal)), compact_above_(kMinCompactBytes) {}

Result<std::unique_ptr<Ledger>> Ledger::open(const files::Folder& state_dir,
                                             Journal::Limits limits) {
  auto opened = open_journal(state_dir, kJournalFile, limits);
  if (!opened) return opened.error();
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(opened->journal)));
  ledger->state_ = std::make_shared<const LedgerState>(std::move(opened->state));
  if (ledger->journal_.size_bytes() == 0)
    ledger->is_behind_ = !ledger->journal_.append(to_text(header_line()), Journal::Sync::kNo);
  else  // One of an older release gets this one's form with the next line.
    ledger->is_behind_ = opened->format_version != kJournalVersion;
  return ledger;
}

std::shared_ptr<const LedgerState> Ledger::state() const {
  const std::lock_guard lock(reading_);
  return state_;
}

/// Needs `writing_`.
void Ledger::change(const std::function<void(LedgerState&)>& how) {
  auto next = std::make_shared<LedgerState>(*state_);
  how(*next);
  const std::lock_guard lock(reading_);
  state_ = std::move(next);
}

Result<void> Ledger::rewrite() {
  if (auto ok = journal_.rewrite({to_text(header_line()), to_text(to_line(*state_))}); !ok)
    return with_cure_of_journal(ok);
  // A state that is large by itself is not written again with each update.
  compact_above_ = std::max(kMinCompactBytes, 2 * journal_.size_bytes());
  return {};
}

Result<void> Ledger::catch_up() {
  if (!is_behind_ && !journal_.may_be_replaced()) return {};
  auto ok = rewrite();
  is_behind_ = !ok;
  return ok;
}

Result<void> Ledger::flush() {
  const std::lock_guard lock(writing_);
  return catch_up();
}

bool Ledger::is_behind() const {
  const std::lock_guard lock(writing_);
  return is_behind_ || journal_.may_be_replaced();
}

Result<void> Ledger::append(std::string_view line, Journal::Sync sync) {
  if (auto ok = catch_up(); !ok) return ok;
  auto written = journal_.append(line, sync);
  is_behind_ = !written;
  return with_cure_of_journal(written);
}

Result<void> Ledger::promise(std::string_view line, const std::function<void(LedgerState&)>& how) {
  const std::lock_guard lock(writing_);
  if (auto ok = append(line, Journal::Sync::kYes); !ok) return ok;
  change(how);
  return {};
}

std::uint64_t Ledger::next_seq() {
  const std::lock_guard lock(writing_);
  change([](LedgerState& state) { ++state.last_seq; });
  return state_->last_seq;
}

Result<void> Ledger::note_started(const Outcome& in_progress) {
  return promise(to_text(started_line(in_progress)),
                 [&](LedgerState& state) { state.note_started(in_progress); });
}

Result<void> Ledger::note_intent(const Intent& intent) {
  return promise(to_text(intent_line(intent)),
                 [&](LedgerState& state) { state.note_intent(intent); });
}

void Ledger::drop_intent(std::uint64_t seq) {
  const std::lock_guard lock(writing_);
  change([&](LedgerState& state) { state.drop_intent(seq); });
  is_behind_ = true;
}

Result<void> Ledger::note_ended(const UpdateEnd& end, std::size_t keep_versions) {
  const std::lock_guard lock(writing_);
  const auto& intents = state_->intents;
  const bool had_intent = std::ranges::any_of(
      intents, [&](const Intent& update) { return update.seq == end.outcome.seq; });
  const bool is_found_again = had_intent && end.outcome.kind == OutcomeKind::kSucceeded;
  auto written = append(to_text(ended_line(end, keep_versions)),
                        is_found_again ? Journal::Sync::kNo : Journal::Sync::kYes);
  change([&](LedgerState& state) { state.note_ended(end, keep_versions); });
  if (!written) return written;
  shorten();
  return {};
}

/// Needs `writing_`.
void Ledger::shorten() {
  if (journal_.size_bytes() < compact_above_) return;
  if (auto ok = rewrite(); !ok)
    log::warn("the journal could not be shortened", {{"error", ok.error().message}});
}

Result<bool> Ledger::change_orders(const std::function<void(SeenOrders&)>& how) {
  const std::lock_guard lock(writing_);
  auto orders = state_->orders;
  how(orders);
  if (orders == state_->orders) return false;
  auto written = append(to_text(orders_line(orders)), Journal::Sync::kYes);
  change([&](LedgerState& state) { state.orders = std::move(orders); });
  if (!written) return written.error();
  shorten();
  return true;
}

void Ledger::mark_observed(const std::string& digest) {
  const std::lock_guard lock(writing_);
  change([&](LedgerState& state) { state.observed = digest; });
  // As for mark_recorded().
  if (auto ok = append(to_text(observed_line(digest)), Journal::Sync::kNo); !ok)
    log::warn("the journal did not take what the pod says of its orders",
              {{"error", ok.error().message}});
}

void Ledger::mark_recorded(std::uint64_t seq) {
  const std::lock_guard lock(writing_);
  if (seq <= state_->recorded_seq) return;
  change([&](LedgerState& state) { state.recorded_seq = seq; });
  // Not synced: when this line is lost, the same record
  // is written once more, which changes nothing.
  if (auto ok = append(to_text(recorded_line(seq)), Journal::Sync::kNo); !ok)
    log::warn("the journal did not take that a result is recorded",
              {{"error", ok.error().message}});
}

}  // namespace okg::hot_update
