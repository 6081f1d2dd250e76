// A download that is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest/sha256.hpp"
#include "content/download_plan.hpp"

namespace okg::content {

struct Source {
  std::string url;
  Validators live{};               ///< of the same URL's content that is live; makes it conditional
  bool ask_past_caches = false;    ///< with the first attempt already
  std::optional<Sha256> sha256{};  ///< that it is going to be verified by
  bool with_blake2b = false;       ///< its signature is going to be verified
  /// Instead of what the settings allow, where less is enough.
  std::optional<std::uint64_t> max_bytes{};
  std::string update_id{};  ///< of the update that wants it, for the log
};

}  // namespace okg::content
