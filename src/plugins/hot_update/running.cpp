#include "plugins/hot_update/running.hpp"

#include <algorithm>
#include <optional>
#include <variant>

#include "plugins/hot_update/calls/request_checks.hpp"
#include "plugins/hot_update/record/usable_entries.hpp"
#include "results/in_kube/keys.hpp"

namespace okg::hot_update {
namespace {

void restore(const Running& parts, const results::Wanted& wanted) {
  auto files = wanted.merged();
  if (parts.orders) files = parts.orders->without_replaced(std::move(files));
  parts.worker->restore(std::move(files), wanted.ignored);
}

void hear(PodEvents& events, const Event& event) {
  if (const auto* ended = std::get_if<UpdateEnded>(&event)) events.note_ended(ended->outcome);
  if (const auto* missing = std::get_if<NotRestored>(&event))
    events.note_not_restored(missing->path, missing->why);
}

/// Connects the feed with its listeners, in this order. `parts` outlives the threads that send.
void connect(Running& parts, const Surroundings& around) {
  parts.feed.listen([&parts, &settings = around.settings](const Event& event) {
    if (const auto* entered = std::get_if<StageEntered>(&event))
      parts.worker->set_stage(entered->stage);
    if (const auto* known = std::get_if<WantedKnown>(&event))
      restore(parts, usable_entries(known->wanted, settings.latest, settings.content));
  });
  parts.feed.listen([&parts, &metrics = around.metrics](const Event& event) {
    metrics.hear(event);
    if (std::holds_alternative<UpdateEnded>(event))
      metrics.show_source_expiry(*parts.ledger->state());
  });
  parts.feed.listen([&parts](const Event& event) {
    const auto* ended = std::get_if<UpdateEnded>(&event);
    if (ended != nullptr && parts.orders) parts.orders->note_ended(ended->outcome);
    if (ended != nullptr) parts.recorder->record(ended->outcome.seq, [](const Recorded&) {});
  });
  parts.feed.listen([&parts](const Event& event) { parts.follow->hear(event); });
  if (parts.events) parts.feed.listen([&parts](const Event& event) { hear(*parts.events, event); });
}

/// Where many pods are ordered at once, their label shows which have it.
results::StorageSettings storage_of(const Settings& settings) {
  auto storage = settings.storage;
  if (storage.in_kube.label_key.empty() && are_taken(settings.orders))
    storage.in_kube.label_key = results::kVersionLabel;
  return storage;
}

std::unique_ptr<Engine> make_engine(Running& parts, const Surroundings& around) {
  Hooks hooks;
  hooks.on_stage = [&parts](auto stage) { parts.feed.send(StageEntered{stage}); };
  hooks.reason_to_end = [&parts] { return parts.worker->reason_to_end(); };
  hooks.may_go_live = [&parts] { return parts.worker->may_go_live(); };
  hooks.on_progress = [&parts, &metrics = around.metrics](const auto& progress) {
    metrics.note(progress);
    parts.follow->note(progress);
  };
  hooks.on_unpacked = [&parts](const auto& progress) { parts.follow->note(progress); };
  return std::make_unique<Engine>(around.settings, around.policy, parts.state, *parts.ledger,
                                  std::move(hooks));
}

std::unique_ptr<OrderFile> make_orders(Running& parts, const Surroundings& around) {
  return std::make_unique<OrderFile>(
      around.settings.orders, *parts.ledger,
      Orders::Links{
          [&parts](Job job) { return parts.worker->enqueue(std::move(job)); },
          [&parts, &settings = around.settings](const auto& request) {
            return check_request(settings, request, *parts.ledger->state(), parts.worker->status());
          },
          [&parts, &metrics = around.metrics] {
            metrics.show_orders(*parts.ledger->state());
            parts.recorder->note_orders();
          },
          [&policy = around.policy](const auto& url) { return policy.url_as_recorded(url); }});
}

/// The parts on top of the open ledger and store.
void make_parts(Running& parts, std::unique_ptr<results::ResultStore> store,
                const Surroundings& around) {
  const auto& settings = around.settings;
  if (settings.storage.type == results::StorageType::kInKube)
    parts.events = std::make_unique<PodEvents>(pod_of(around.host), around.host.api);
  connect(parts, around);
  parts.engine = make_engine(parts, around);
  parts.worker =
      std::make_unique<Worker>(*parts.engine, settings.max_queued, settings.max_update, parts.feed);
  parts.recorder = std::make_unique<Recorder>(std::move(store), *parts.ledger, parts.feed);
  parts.follow = std::make_unique<Follow>(*parts.ledger, *parts.worker);
  if (are_taken(settings.orders)) parts.orders = make_orders(parts, around);
}

}  // namespace

Result<std::shared_ptr<Running>> make_running(const Surroundings& around) {
  const auto& settings = around.settings;
  if (auto ok = make_beside_state(settings.file_dir, settings.state_dir); !ok) return ok.error();
  auto state = StateDir::open(settings.state_dir);
  if (!state) return state.error().because(Reason::kDiskError);
  auto running = std::make_shared<Running>(std::move(*state));
  auto ledger = Ledger::open(running->state.root());
  if (!ledger) return ledger.error().because(Reason::kDiskError);
  running->ledger = std::move(*ledger);
  around.metrics.show_state(*running->ledger->state());
  auto store = results::open(storage_of(settings), pod_of(around.host), running->state.root(),
                             around.host.api);
  if (!store) return store.error();
  make_parts(*running, std::move(*store), around);
  return running;
}

void Running::start() {
  if (orders) orders->begin();
  worker->start();
  recorder->start();
}

void Running::stop(std::chrono::milliseconds grace) {
  const auto deadline = std::chrono::steady_clock::now() + grace;
  follow->stop();
  if (orders) orders->stop();
  worker->stop();
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  recorder->stop(std::max(std::chrono::milliseconds(0), rest));
}

results::PodIdentity pod_of(const sidecar::Host& host) {
  return {host.pod_namespace, host.pod_name, host.service_account_dir,
          "POD_NAME and POD_NAMESPACE have to come from the downward API (metadata.name, "
          "metadata.namespace), compare: kubectl get pods"};
}

}  // namespace okg::hot_update
