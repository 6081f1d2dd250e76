#include "plugins/hot_update/plugin.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/io/path.hpp"
#include "base/log.hpp"
#include "plugins/hot_update/calls/handlers.hpp"
#include "plugins/hot_update/figures/event_metrics.hpp"
#include "plugins/hot_update/figures/gauges.hpp"
#include "plugins/hot_update/game/find.hpp"
#include "plugins/hot_update/game/game_warnings.hpp"
#include "plugins/hot_update/game/process_namespace.hpp"
#include "plugins/hot_update/running.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "plugins/hot_update/validate_live.hpp"
#include "results/open.hpp"
#include "source/policy.hpp"

namespace okg::hot_update {
namespace {

sidecar::PluginStatus status_of_unknown(const std::optional<Error>& error) {
  if (error) return {false, error->message, shown_reason(*error)};
  return {false, "asking the store what this pod should run", Reason::kRestoring};
}

/// With the reason of the first path that failed.
sidecar::PluginStatus status_of_missing(const WorkStatus& work) {
  if (work.missing.empty())
    return {false, "finishing the update that the last start left in progress", Reason::kRestoring};
  sidecar::PluginStatus status{false, "", Reason::kRestoring};
  for (const auto& [path, why] : work.missing) {
    status.message += (status.message.empty() ? "restoring " : "; restoring ") + path;
    if (!why) continue;
    status.message += " failed: " + why->message;
    if (status.reason == Reason::kRestoring) status.reason = shown_reason(*why);
  }
  return status;
}

class HotUpdate final : public sidecar::Plugin {
 public:
  explicit HotUpdate(Settings settings)
      : settings_(std::move(settings)), policy_(settings_.source) {}

  std::string_view name() const override { return "hot_update"; }
  std::string_view version() const override { return "1"; }

  Result<void> init(sidecar::Host& host) override {
    host_ = &host;
    settings_.main_process_expected = host.main_process_expected;
    metrics_.emplace(host.metrics.registry());
    figures_.emplace(host.metrics.registry(), settings_.max_queued);
    handlers_.emplace(surroundings(), [this] { return current(); });
    host.metrics.before_each([this] { refresh_figures(); });
    if (auto ok = check_process_namespace(settings_.signal); !ok) return ok;
    return results::check(settings_.storage, pod_of(host));
  }

  Result<void> start(std::function<void(Result<void>)>) override {
    auto running = make_running(surroundings());
    if (!running) return running.error();
    (*running)->start();
    {
      const std::lock_guard lock(mutex_);
      running_ = std::move(*running);
    }
    for (const auto& warning : warnings_about(settings_, find_game(settings_.signal)))
      log::warn("the game", {{"reason", warning.reason}, {"warning", warning.message}});
    return {};
  }

  void stop(std::chrono::milliseconds grace) override {
    std::shared_ptr<Running> running;
    {
      const std::lock_guard lock(mutex_);
      running.swap(running_);
    }
    if (!running) return;
    handlers_->stop();
    running->stop(grace);
  }

  sidecar::PluginStatus status() const override {
    const auto running = current();
    if (!running) return {false, "not running", Reason::kNotRunning};
    const auto work = running->worker->status();
    if (running->orders)
      if (auto why = running->orders->not_ready(); !why.empty())
        return {false, why, Reason::kRestoring};
    if (work.restored) return {true, running->orders ? running->orders->problems() : ""};
    return work.knows_wanted ? status_of_missing(work)
                             : status_of_unknown(running->recorder->last_error());
  }

  sidecar::LiveReport validate_live() const override {
    return hot_update::validate_live(settings_);
  }

  std::vector<http::Route> routes() override { return handlers_->routes(); }

 private:
  std::shared_ptr<Running> current() const {
    const std::lock_guard lock(mutex_);
    return running_;
  }

  void refresh_figures() {
    figures_->show(host_->api);
    const auto running = current();
    if (!running) return figures_->show_stopped();
    figures_->show(*running->ledger->state());
    figures_->show(running->worker->status(), running->follow->progress());
    figures_->show_streams(running->follow->streams());
  }

  Surroundings surroundings() { return {settings_, policy_, *host_, *metrics_}; }

  Settings settings_;
  source::Policy policy_;
  sidecar::Host* host_ = nullptr;
  std::optional<EventMetrics> metrics_;
  std::optional<Gauges> figures_;  ///< for the server's one thread
  mutable std::mutex mutex_;
  std::shared_ptr<Running> running_;
  std::optional<Handlers> handlers_;  ///< last: its threads end before what they use
};

}  // namespace

sidecar::PluginKind plugin_kind() {
  return {"hot_update",
          [](const config::PluginEntry& entry,
             config::Mistakes& mistakes) -> std::unique_ptr<sidecar::Plugin> {
            return std::make_unique<HotUpdate>(read_settings(entry, mistakes));
          }};
}

}  // namespace okg::hot_update
