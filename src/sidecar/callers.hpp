// Makes the gate of callers from config.yaml, and the warnings about it.
#pragma once

#include <memory>

#include "auth/gate.hpp"
#include "base/warning.hpp"
#include "sidecar/load.hpp"

namespace okg::sidecar {

/// Errors: kInvalid, callers of the API server are
/// to be known, and this pod has no service account.
[[nodiscard]] Result<std::shared_ptr<auth::Gate>> open_gate(const Loaded& loaded, const Host& host);

/// Warnings of every status answer: none, or that everybody may update.
[[nodiscard]] Warnings warnings_of(auth::Mode mode);

/// The metric okg_sidecar_auth, and a warning in the log where nothing is configured.
void show(auth::Mode mode, prometheus::Registry& metrics);

}  // namespace okg::sidecar
