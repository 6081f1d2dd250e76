#include "sidecar/tls_settings.hpp"

#include "base/log.hpp"
#include "base/text/words.hpp"
#include "config/reader.hpp"
#include "metrics/page.hpp"

namespace okg::sidecar {

http::TlsOptions read_tls(const config::Node& node, config::Mistakes& mistakes) {
  static constexpr Word<http::TlsVersion> kVersions[]{{http::TlsVersion::k12, "1.2"},
                                                      {http::TlsVersion::k13, "1.3"}};
  http::TlsOptions options;
  config::MapReader map(node, "tls", mistakes);
  options.certificate_file = map.required_text("certificateFile");
  options.key_file = map.required_text("keyFile");
  options.min_version = map.choice("minVersion", options.min_version, kVersions);
  map.finish();
  return options;
}

TlsNotice::TlsNotice(prometheus::Registry& metrics)
    : failed_(metrics::gauge(metrics, metrics::Metric::kTlsReloadFailed)) {}

void TlsNotice::hear(const Result<void>& read) {
  failed_.Set(read ? 0 : 1);
  Warnings warnings;
  if (read) {
    log::info("certificate read again");
  } else {
    log::error(
        "the new certificate does not work",
        {{"reason", to_string(Reason::kCertificateNotUsable)}, {"error", read.error().message}});
    warnings.push_back(warn(Reason::kCertificateNotUsable,
                            read.error().message + "; the certificate of before is used"));
  }
  const std::lock_guard lock(mutex_);
  warnings_ = std::move(warnings);
}

Warnings TlsNotice::warnings() const {
  const std::lock_guard lock(mutex_);
  return warnings_;
}

}  // namespace okg::sidecar
