#include "sidecar/run.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <utility>

#include "base/environment.hpp"
#include "base/log.hpp"
#include "base/text/print_error.hpp"
#include "base/text/visible.hpp"
#include "base/time/wait.hpp"
#include "http/server/server.hpp"
#include "sidecar/callers.hpp"
#include "sidecar/host_metrics.hpp"
#include "sidecar/load.hpp"
#include "sidecar/process_setup.hpp"
#include "sidecar/routes.hpp"
#include "sidecar/supervisor.hpp"
#include "sidecar/tls_settings.hpp"

namespace okg::sidecar {
namespace {

void print(const config::Mistakes& mistakes) {
  for (const auto& mistake : mistakes.list()) print_error(to_string(mistake));
}

/// As a line of the log where tools read it, else as `validate` does.
int refuse(const config::Mistakes& mistakes, log::Format format) {
  if (format == log::Format::kText) {
    print(mistakes);
    return kExitBadConfiguration;
  }
  for (const auto& mistake : mistakes.list())
    log::error("cannot run", {{"reason", to_string(Reason::kInvalidConfiguration)},
                              {"file", mistake.file},
                              {"line", mistake.line},
                              {"key", mistake.key},
                              {"error", mistake.message}});
  return kExitBadConfiguration;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "localhost";
}

/// How much longer than shutdownGraceSeconds a
/// stop may take: answers are still being written.
constexpr std::chrono::seconds kBeyondGrace{3};

/// Ends the process when it has not stopped in time by itself: a disk
/// that hangs, or a file without an end, holds up no pod. What was in
/// progress is finished or reverted by the next start, as after a crash.
class LastResort {
 public:
  explicit LastResort(std::chrono::milliseconds after)
      : thread_([after](const std::stop_token& stop) {
          if (!wait_for(stop, after)) return;
          log::error(
              "the sidecar did not stop in time and ends now; the next start finishes or "
              "reverts what was in progress",
              {{"afterMs", after.count()}});
          ::_exit(1);
        }) {}

 private:
  std::jthread thread_;
};

int fatal(const Error& error) {
  log::error("cannot run",
             {{"reason", to_string(shown_reason(error.code == ErrorCode::kInvalid
                                                    ? error.because(Reason::kInvalidConfiguration)
                                                    : error))},
              {"error", error.message}});
  return error.code == ErrorCode::kInvalid ? kExitBadConfiguration : 1;
}

std::vector<Plugin*> pointers(const std::vector<std::unique_ptr<Plugin>>& plugins) {
  std::vector<Plugin*> all;
  all.reserve(plugins.size());
  for (const auto& plugin : plugins) all.push_back(plugin.get());
  return all;
}

/// With what lets the sidecar listen.
Error listen_error(const Error& error) {
  if (error.reason != Reason::kCannotListen) return error;
  return error.advise(error.code == ErrorCode::kForbidden
                          ? "ports below 1024 need the capability NET_BIND_SERVICE, others do not"
                          : "end what uses the address, or set another one with listen");
}

/// The routes of the host and of its plugins, each behind the gate.
Result<std::unique_ptr<http::Server>> open_server(Loaded& loaded, std::vector<http::Route> routes,
                                                  std::shared_ptr<auth::Gate> gate,
                                                  TlsNotice& tls_notice) {
  for (auto& plugin : loaded.plugins)
    for (auto& each : plugin->routes()) routes.push_back(std::move(each));
  http::ServerOptions listen;
  listen.host = loaded.config.listen.host;
  listen.port = loaded.config.listen.port;
  listen.limits = loaded.limits;
  listen.tls = loaded.tls;
  if (listen.tls) listen.tls->on_read = [&](const Result<void>& read) { tls_notice.hear(read); };
  auto server =
      http::Server::open(listen, http::route(std::move(routes), "updates go to POST /hot-update",
                                             auth::authorize(std::move(gate))));
  if (!server) return listen_error(server.error());
  log::info("listening", {{"host", listen.host.empty() ? "*" : listen.host},
                          {"port", (*server)->port()},
                          {"tls", listen.tls.has_value()}});
  return server;
}

/// The plugins first: their callers are still being answered while they stop.
void drain(Supervisor& supervisor, auth::Gate& gate, http::Server& server,
           std::chrono::milliseconds grace) {
  log::info("stopping", {{"graceSeconds", grace.count() / 1000}});
  const LastResort last_resort(grace + kBeyondGrace);
  const auto begun = Supervisor::Clock::now();
  supervisor.stop(grace);
  gate.stop();
  const auto used =
      std::chrono::duration_cast<std::chrono::milliseconds>(Supervisor::Clock::now() - begun);
  server.stop(std::max(std::chrono::milliseconds(500), grace - used));
}

}  // namespace

int validate(const std::filesystem::path& file, Registry registry, Validation validation) {
  config::Mistakes mistakes(file.string());
  const auto loaded = load(file, registry, mistakes);
  if (!loaded) {
    print(mistakes);
    return kExitBadConfiguration;
  }
  std::cout << visible(file.string()) << ": ok\n";
  if (validation == Validation::kFile) return 0;
  for (const auto& plugin : loaded->plugins) {
    const auto report = plugin->validate_live();
    for (const auto& note : report.notes)
      std::cout << plugin->name() << ": " << visible(note) << "\n";
    for (const auto& warning : report.warnings)
      print_error(std::string(plugin->name()) + ": warning: " + warning);
  }
  return 0;
}

int run(const RunOptions& options, Registry registry) {
  config::Mistakes mistakes(options.config_file.string());
  auto loaded = load(options.config_file, registry, mistakes);
  if (!loaded) return refuse(mistakes, options.log_format);
  const auto signals = Signals::block();
  if (!signals) return fatal(signals.error());
  reap_as_init();
  raise_descriptor_limit();

  metrics::Page metrics;
  kube::ApiFigures api;
  TlsNotice tls_notice(metrics.registry());
  Host host{.pod_name = environment("POD_NAME").value_or(host_name()),
            .pod_namespace = environment("POD_NAMESPACE").value_or(""),
            .service_account_dir = options.service_account_dir,
            .main_process_expected = loaded->config.start_order == config::StartOrder::kAfter,
            .warnings =
                [&] {
                  auto all = warnings_of(loaded->auth.mode);
                  for (auto& each : tls_notice.warnings()) all.push_back(std::move(each));
                  return all;
                },
            .api = api,
            .metrics = metrics};
  auto gate = open_gate(*loaded, host);
  if (!gate) return fatal(gate.error());
  show(loaded->auth.mode, metrics.registry());
  for (auto& plugin : loaded->plugins)
    if (auto ok = plugin->init(host); !ok) return fatal(ok.error().in(plugin->name()));

  Supervisor supervisor(pointers(loaded->plugins), loaded->config.restart_policy, {});
  HostMetrics host_metrics(metrics, supervisor, api, options.version);
  auto server = open_server(*loaded, host_routes([&] { return supervisor.status(); }, metrics),
                            *gate, tls_notice);
  if (!server) return fatal(server.error());
  auto ran = supervisor.run(signals->fd(), [&] { return signals->ask_to_stop(); });
  drain(supervisor, **gate, **server, loaded->config.shutdown_grace);
  if (!ran) return fatal(ran.error());
  log::info("stopped");
  return 0;
}

}  // namespace okg::sidecar
