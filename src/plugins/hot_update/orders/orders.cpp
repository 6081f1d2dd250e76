#include "plugins/hot_update/orders/orders.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/find.hpp"
#include "base/log.hpp"
#include "base/text/visible.hpp"
#include "plugins/hot_update/orders/order_progress.hpp"

namespace okg::hot_update {
namespace {

std::string hex_of(const results::Entry& entry) { return entry.sha256 ? entry.sha256->hex() : ""; }

bool is_same_content(const results::Entry& live, const api::UpdateRequest& ordered) {
  if (live.version != ordered.version) return false;
  return ordered.sha256 ? live.sha256 == ordered.sha256 : live.url == ordered.url;
}

/// The moment at which a pod sees an order is later
/// than whatever is live, whatever the clock says.
Timestamp seen_now(const std::optional<LiveContent>& live) {
  const auto moment = now();
  if (!live || results::is_too_far_ahead(live->entry.requested_at, moment)) return moment;
  return std::max(moment, just_after(live->entry.requested_at));
}

}  // namespace

Orders::Orders(Ledger& ledger, Links links) : ledger_(ledger), links_(std::move(links)) {}

void Orders::begin(Files files) {
  const std::lock_guard lock(mutex_);
  take(std::move(files), When::kStart);
}

void Orders::take(Files files) {
  const std::lock_guard lock(mutex_);
  take(std::move(files), When::kLater);
}

void Orders::take(Files files, When when) {
  hold_ = std::move(files.hold);
  auto parsed = files.order ? parse_order(*files.order) : files.order.error();
  if (parsed)
    note_text(std::move(*parsed), when);
  else
    note_malformed({{"", parsed.error().message}});
  consider_all(when);
}

void Orders::consider_all(When when) {
  for (const auto& [path, order] : ordered_) consider(path, when);
}

void Orders::change(const std::function<void(SeenOrders&)>& how) {
  const auto changed = ledger_.change_orders(how);
  if (!changed)
    log::error("what came of an order could not be journaled",
               {{"reason", to_string(changed.error().because(Reason::kDiskError).reason)},
                {"error", changed.error().message}});
  if (!changed || *changed) links_.on_seen();
}

void Orders::note_malformed(std::map<std::string, std::string> malformed) {
  const auto known = ledger_.state()->orders.malformed;
  for (const auto& [path, mistake] : malformed) {
    const auto* found = value_at(known, path);
    if (found != nullptr && *found == mistake) continue;
    log::error("the order is malformed, and changes nothing",
               {{"path", path.empty() ? std::string("(all of it)") : visible(path)},
                {"reason", to_string(Reason::kInvalidField)},
                {"error", mistake}});
  }
  change([&](SeenOrders& seen) { seen.malformed = std::move(malformed); });
}

void Orders::note_text(Order text, When when) {
  // A malformed order changes nothing: the former one of the path stands.
  for (const auto& [path, mistake] : text.malformed)
    if (auto former = ordered_.extract(path)) text.paths.insert(std::move(former));
  ordered_ = std::move(text.paths);
  for (auto& [path, order] : ordered_)
    order.request.url = links_.url_as_recorded(order.request.url);
  change([&](SeenOrders& seen) {
    std::erase_if(seen.paths, [&](const auto& each) {
      return !ordered_.contains(each.first) && !text.malformed.contains(each.first);
    });
    for (const auto& [path, order] : ordered_) see(seen, path, order, when);
  });
  note_malformed(std::move(text.malformed));
}

void Orders::see(SeenOrders& seen, const std::string& path, const PathOrder& order, When when) {
  const auto* known = value_at(seen.paths, path);
  if (known != nullptr && known->text == order.digest) return;
  const auto live = ledger_.state()->live_at(path);
  const auto moment = seen_now(live);
  auto time = order.requested_at.value_or(moment);
  // The latest may be newer than an order that this pod was made with.
  if (known == nullptr && !live) time = moment;
  seen.paths[path] = {order.digest, order.by, time};
  seen.paths[path].version = order.request.version;
  log::info("ordered", {{"path", path}, {"version", order.request.version}, {"by", order.by}});
  if (when != When::kStart || live) return;
  const std::lock_guard lock(reading_);
  first_.insert(path);
}

bool Orders::has_newer(const std::string& path) const {
  const auto state = ledger_.state();
  const auto live = state->live_at(path);
  const auto* seen = value_at(state->orders.paths, path);
  return live && seen != nullptr && live->entry.requested_at > seen->time;
}

void Orders::consider(const std::string& path, When when) {
  const auto& order = ordered_.at(path);
  const auto seen = ledger_.state()->orders.paths.at(path);
  const auto* in_hand = value_at(in_hand_, path);
  if (in_hand != nullptr && in_hand->digest == order.digest) return;
  const bool is_due = when == When::kStart ? is_due_at_start(seen.result) : is_open(seen.result);
  if (has_newer(path)) {
    if (is_open(seen.result)) end_superseded(path, order);
  } else if (is_due && hold_.empty()) {
    enqueue(path, seen.time, when);
  } else if (is_due && !has_ended_well(seen.result)) {
    wait(path);
  }
}

void Orders::end_superseded(const std::string& path, const PathOrder& order) {
  const auto live = ledger_.state()->live_at(path);
  if (is_same_content(live->entry, order.request))
    return note(path, order.digest,
                [](SeenOrder& seen) { set_result(seen, OrderResult::kUnchanged); });
  note(path, order.digest, [&](SeenOrder& seen) {
    set_result(seen, OrderResult::kSuperseded,
               fail(ErrorCode::kConflict, Reason::kOrderSuperseded, "version ", live->entry.version,
                    " was asked for later; order it without requestedAt, or with a later one"));
  });
}

void Orders::wait(const std::string& path) {
  note(path, ordered_.at(path).digest, [&](SeenOrder& seen) {
    if (seen.result == OrderResult::kWaiting && seen.message == hold_) return;
    log::info("the order waits",
              {{"path", path}, {"reason", to_string(Reason::kOrderOnHold)}, {"message", hold_}});
    set_result(seen, OrderResult::kWaiting,
               fail(ErrorCode::kConflict, Reason::kOrderOnHold, hold_));
  });
}

void Orders::enqueue(const std::string& path, Timestamp time, When when) {
  const auto& order = ordered_.at(path);
  if (auto ok = links_.admit(order.request); !ok) {
    log::error("the order is refused", {{"path", path},
                                        {"reason", to_string(shown_reason(ok.error()))},
                                        {"error", ok.error().message}});
    return note(path, order.digest,
                [&](SeenOrder& each) { set_result(each, OrderResult::kFailed, ok.error()); });
  }
  Job job{order.request, {}};
  job.request.requested_at = time;
  job.on_end = [this, path, digest = order.digest](const Result<Outcome>& ended) {
    end(path, digest, ended);
  };
  job.order = OrderHooks{[this, path, digest = order.digest] { return may_begin(path, digest); },
                         [this, path, digest = order.digest] { end_live_already(path, digest); }};
  in_hand_[path] = {order.digest};
  if (when == When::kStart) {
    const std::lock_guard lock(reading_);
    awaited_.insert(path);
  }
  if (auto ok = links_.enqueue(std::move(job)); !ok) in_hand_.erase(path);  // the sidecar stops
}

bool Orders::may_begin(const std::string& path, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  const auto* order = value_at(ordered_, path);
  const bool stands = order != nullptr && order->digest == digest;
  if (!stands || !hold_.empty() || has_newer(path)) return false;
  if (const auto live = ledger_.state()->live_at(path))
    in_hand_[path].before = {live->entry.version, live->entry.url, hex_of(live->entry)};
  return true;
}

Orders::InHand Orders::take_from_hand(const std::string& path, const std::string& digest) {
  {
    const std::lock_guard lock(reading_);
    awaited_.erase(path);
  }
  const auto found = in_hand_.find(path);
  if (found == in_hand_.end() || found->second.digest != digest) return {};
  auto in_hand = std::move(found->second);
  in_hand_.erase(found);
  return in_hand;
}

void Orders::end(const std::string& path, const std::string& digest, const Result<Outcome>& ended) {
  const std::lock_guard lock(mutex_);
  const auto in_hand = take_from_hand(path, digest);
  // The next start does what a stop has interrupted.
  const auto error = ended ? ended->error : ended.error().code;
  const bool is_cancelled = ended && ended->kind == OutcomeKind::kCancelled;
  if (error == ErrorCode::kStopping && !is_cancelled) return;
  if (!ended) {
    if (ordered_.contains(path)) consider(path, When::kLater);
    return;
  }
  note(path, digest, [&](SeenOrder& seen) {
    set_outcome(seen, *ended);
    seen.previous = in_hand.before;
  });
}

void Orders::end_live_already(const std::string& path, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  (void)take_from_hand(path, digest);
  const auto live = ledger_.state()->live_at(path);
  note(path, digest, [&](SeenOrder& seen) {
    if (live) seen.sha256 = hex_of(live->entry);
    if (has_ended_well(seen.result)) return;
    set_result(seen, OrderResult::kUnchanged);
  });
}

void Orders::note(const std::string& path, const std::string& digest,
                  const std::function<void(SeenOrder&)>& how) {
  change([&](SeenOrders& seen) {
    auto* found = value_at(seen.paths, path);
    if (found != nullptr && found->text == digest) how(*found);
  });
}

void Orders::note_ended(const Outcome& outcome) {
  if (!has_succeeded(outcome.kind)) return;
  const std::lock_guard lock(mutex_);
  change([&](SeenOrders& seen) {
    auto* order = value_at(seen.paths, outcome.path);
    if (order != nullptr && outcome.requested_at > order->time) set_overtaken(*order, outcome);
  });
}

results::Entries Orders::without_replaced(results::Entries wanted) const {
  const auto state = ledger_.state();
  const std::lock_guard lock(reading_);
  std::erase_if(wanted, [&](const auto& each) {
    const auto* seen = value_at(state->orders.paths, each.first);
    return first_.contains(each.first) && seen != nullptr && state->live.contains(each.first) &&
           !is_open(seen->result);
  });
  return wanted;
}

std::string Orders::not_ready() const {
  const std::lock_guard lock(reading_);
  std::string all;
  for (const auto& path : awaited_)
    all += (all.empty() ? "carrying out the order of " : ", ") + path;
  return all;
}

}  // namespace okg::hot_update
