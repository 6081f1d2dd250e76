// The key `tls` of config.yaml, and what became of the files that it names.
#pragma once

#include <mutex>

#include "base/warning.hpp"
#include "config/mistakes.hpp"
#include "config/node.hpp"
#include "http/server/options.hpp"

namespace prometheus {
class Gauge;
class Registry;
}  // namespace prometheus

namespace okg::sidecar {

/// `node`: what stands under the key, which is there.
[[nodiscard]] http::TlsOptions read_tls(const config::Node& node, config::Mistakes& mistakes);

/// Tells operators of a new certificate that does
/// not work: log, metric, status. Thread-safe.
class TlsNotice {
 public:
  explicit TlsNotice(prometheus::Registry& metrics);

  void hear(const Result<void>& read);
  [[nodiscard]] Warnings warnings() const;

 private:
  prometheus::Gauge& failed_;
  mutable std::mutex mutex_;
  Warnings warnings_;
};

}  // namespace okg::sidecar
