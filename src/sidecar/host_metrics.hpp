// Metrics of the program and of its plugins, whatever they do.
#pragma once

#include <string>

#include "kube/api_figures.hpp"
#include "metrics/page.hpp"
#include "sidecar/supervisor.hpp"

namespace okg::sidecar {

/// All references outlive it, and it the page's last text().
class HostMetrics {
 public:
  HostMetrics(metrics::Page& page, const Supervisor& supervisor, const kube::ApiFigures& api,
              const std::string& version);

 private:
  void refresh();
  void show_process();

  const Supervisor& supervisor_;
  const kube::ApiFigures& api_;
  prometheus::Gauge& ready_;
  prometheus::Family<prometheus::Gauge>& plugin_up_;
  prometheus::Family<prometheus::Counter>& plugin_restarts_;
  prometheus::Family<prometheus::Counter>& api_requests_;
  prometheus::Counter& cpu_seconds_;
  prometheus::Gauge& resident_bytes_;
  prometheus::Gauge& virtual_bytes_;
  prometheus::Gauge& open_fds_;
  prometheus::Gauge& max_fds_;
};

}  // namespace okg::sidecar
