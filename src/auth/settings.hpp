// The key `auth` of config.yaml: who may call.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/mistakes.hpp"
#include "config/node.hpp"

namespace okg::auth {

enum class Mode {
  kMissing,   ///< Nothing is configured: everybody may call, and is warned about it.
  kNone,      ///< `auth: none`: everybody may call, and that is meant.
  kRequired,  ///< Callers have to prove who they are.
};

struct KubernetesSettings {
  std::string audience = "okg-sidecar";  ///< that tokens have to be made for
  std::chrono::milliseconds cache_time{10'000};
};

struct CertificateSettings {
  std::filesystem::path ca_file;
  std::set<std::string> allowed_names;  ///< common and alternative names; "*": all
};

struct Settings {
  Mode mode = Mode::kMissing;
  std::vector<std::filesystem::path> token_files;
  std::set<std::string> readers;  ///< names of callers that may only read
  std::optional<KubernetesSettings> kubernetes;
  std::optional<CertificateSettings> certificates;
  std::filesystem::path users_file;  ///< with passwords; empty: there is none
};

/// `node`: what stands under the key. Call only when the
/// key is there; one with nothing behind it is a mistake,
/// as it would leave open what somebody meant to close.
[[nodiscard]] Settings read_settings(const config::Node& node, config::Mistakes& mistakes);

}  // namespace okg::auth
