// How a source is downloaded: what operators
// set, with the defaults.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/setting.hpp"

namespace okg::content {

struct DownloadSettings {
  std::chrono::milliseconds timeout{600'000};  ///< the whole fetch, retries included
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds stall_timeout{30'000};
  int retries = 3;
  std::chrono::milliseconds first_pause{250};   ///< before a retry; the next ones grow. No key
  std::chrono::milliseconds max_pause{10'000};  ///< to this. No key
  Setting<int> max_redirects{5};
  Setting<std::uint64_t> max_bytes{8ULL * 1024 * 1024 * 1024};
  std::uint64_t max_bytes_per_second = 0;  ///< 0: unlimited
  Setting<std::string> ca_file;            ///< empty: the system's
  bool allow_empty = false;
  unsigned parallel = 8;  ///< files of a manifest at a time
  /// The part of the volume that stays free. A kubelet evicts
  /// pods when less than a tenth of its disk is free.
  /// @source https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
  Setting<unsigned> min_free_percent{10};
};

}  // namespace okg::content
