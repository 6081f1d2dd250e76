#include "sidecar/host_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace okg::sidecar {
namespace {

using metrics::Metric;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// User and system time.
double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

struct Memory {
  double virtual_bytes = 0;
  double resident_bytes = 0;
};

/// @source proc(5), /proc/[pid]/statm: pages
Memory memory() {
  std::ifstream file("/proc/self/statm");
  Memory pages;
  file >> pages.virtual_bytes >> pages.resident_bytes;
  const auto page_bytes = static_cast<double>(::sysconf(_SC_PAGESIZE));
  return {pages.virtual_bytes * page_bytes, pages.resident_bytes * page_bytes};
}

/// Without the one that lists them.
double open_fds() {
  std::error_code error;
  const std::filesystem::directory_iterator fds("/proc/self/fd", error);
  return error ? 0 : static_cast<double>(std::distance(begin(fds), end(fds))) - 1;
}

double max_fds() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

/// The program's start is close enough to the process's.
double now_in_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

HostMetrics::HostMetrics(metrics::Page& page, const Supervisor& supervisor,
                         const kube::ApiFigures& api, const std::string& version)
    : supervisor_(supervisor),
      api_(api),
      ready_(gauge(page.registry(), Metric::kReady)),
      plugin_up_(gauges(page.registry(), Metric::kPluginUp)),
      plugin_restarts_(counters(page.registry(), Metric::kPluginRestarts)),
      api_requests_(counters(page.registry(), Metric::kApiRequests)),
      cpu_seconds_(counter(page.registry(), Metric::kCpuSeconds)),
      resident_bytes_(gauge(page.registry(), Metric::kResidentBytes)),
      virtual_bytes_(gauge(page.registry(), Metric::kVirtualBytes)),
      open_fds_(gauge(page.registry(), Metric::kOpenFds)),
      max_fds_(gauge(page.registry(), Metric::kMaxFds)) {
  gauges(page.registry(), Metric::kBuildInfo).Add({{"version", version}}).Set(1);
  gauges(page.registry(), Metric::kInfo).Add({{"version", version}}).Set(1);
  gauge(page.registry(), Metric::kStartTime).Set(now_in_seconds());
  page.before_each([this] {
    refresh();
    show_process();
  });
}

void HostMetrics::refresh() {
  ready_.Set(supervisor_.status().ready ? 1 : 0);
  for (const auto& plugin : supervisor_.figures()) {
    plugin_up_.Add({{"plugin", plugin.name}}).Set(plugin.is_running ? 1 : 0);
    metrics::advance(plugin_restarts_.Add({{"plugin", plugin.name}}),
                     static_cast<double>(plugin.restarts));
  }
  for (const auto& [status, requests] : api_.answers())
    metrics::advance(api_requests_.Add({{"code", status == 0 ? "none" : std::to_string(status)}}),
                     static_cast<double>(requests));
}

void HostMetrics::show_process() {
  metrics::advance(cpu_seconds_, cpu_seconds());
  const auto used = memory();
  resident_bytes_.Set(used.resident_bytes);
  virtual_bytes_.Set(used.virtual_bytes);
  open_fds_.Set(open_fds());
  max_fds_.Set(max_fds());
}

}  // namespace okg::sidecar
