// How far an update is: in the status of one and of all.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace okg::api {

/// How far a download is, or the unpacking of an archive behind it.
struct Progress {
  std::uint64_t bytes_done = 0;
  std::optional<std::uint64_t> bytes_total{};  ///< absent: the source has not said it
  std::uint64_t files_done = 0;
  std::optional<std::uint64_t> files_total = 1;    ///< absent: how many an archive has is not known
  std::uint64_t bytes_per_second = 0;              ///< of the last few seconds
  std::optional<std::chrono::milliseconds> eta{};  ///< absent: the total or the rate is not known
  int attempt = 0;                                 ///< of the download; 0: there was none
  bool operator==(const Progress&) const = default;
};

/// Adds "bytesDone", "bytesTotal", "filesDone", "filesTotal", "bytesPerSecond", "etaMs", "attempt".
void add(const Progress& progress, nlohmann::ordered_json& json);
/// Members that an older server does not send are empty.
[[nodiscard]] Progress progress_from(const nlohmann::ordered_json& json);

}  // namespace okg::api
