// The interface between the host and its plugins.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/warning.hpp"
#include "config/host_config.hpp"
#include "config/mistakes.hpp"
#include "http/server/router.hpp"
#include "kube/api_figures.hpp"
#include "metrics/page.hpp"

namespace okg::sidecar {

/// The host's services for its plugins. Outlives them.
struct Host {
  std::string pod_name;
  std::string pod_namespace;  ///< empty: not said
  std::filesystem::path service_account_dir;
  bool main_process_expected =
      false;  ///< sidecarStartOrder is After: the main container is up before the sidecar starts
  std::function<Warnings()> warnings;  ///< about the sidecar itself, for every status answer
  kube::ApiFigures& api;               ///< hears of every answer of the API server
  metrics::Page& metrics;
};

struct PluginStatus {
  bool ready = false;
  std::string message;            ///< why not; of one that is ready: what an operator should know
  Reason reason = Reason::kNone;  ///< why not, as one word
};

/// The findings of a plugin about the machine before it runs, one sentence each.
struct LiveReport {
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
};

/// init once, then start and stop in turns. All calls but status()
/// and the routes' handlers come from the supervisor's thread.
class Plugin {
 public:
  virtual ~Plugin() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view version() const = 0;
  /// Registers metrics and checks what can be checked without
  /// side effects. An error (kInvalid) is a wrong configuration.
  virtual Result<void> init(Host& host) = 0;
  /// Begins the work; returns as soon as it has. `ended`
  /// may be called once from any thread when the work
  /// ends by itself: with an error when it failed.
  virtual Result<void> start(std::function<void(Result<void>)> ended) = 0;
  /// Ends the work within about `grace`; everything started is joined when it returns.
  virtual void stop(std::chrono::milliseconds grace) = 0;
  [[nodiscard]] virtual PluginStatus status() const = 0;
  /// Compares the configuration with the processes of this moment. Needs no init.
  [[nodiscard]] virtual LiveReport validate_live() const { return {}; }
  [[nodiscard]] virtual std::vector<http::Route> routes() { return {}; }
};

/// An entry of the registry: how a plugin of this name is
/// made from its part of config.yaml. Mistakes go into
/// `mistakes`; the plugin is used only when there are none.
struct PluginKind {
  std::string_view name;
  std::function<std::unique_ptr<Plugin>(const config::PluginEntry& entry,
                                        config::Mistakes& mistakes)>
      configure;
};
/// All plugins there are, listed by main.
using Registry = std::span<const PluginKind>;

}  // namespace okg::sidecar
