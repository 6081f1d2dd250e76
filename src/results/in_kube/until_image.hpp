// Versions that count until an image:
// a pod that runs the image came with them or newer ones.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "kube/objects.hpp"
#include "results/entry.hpp"

namespace okg::results {

/// `files` without those that count until an image that the pod runs.
[[nodiscard]] Entries of_this_image(Entries files, const kube::Pod& pod);

/// Waits for the digests of a pod's images, but not for ever.
class UntilImages {
 public:
  using Clock = std::chrono::steady_clock;

  explicit UntilImages(std::function<Clock::time_point()> time = Clock::now)
      : time_(std::move(time)) {}

  /// Errors: kUnavailable while the pod's status does not say yet which images it runs,
  /// and one of `files` counts until one of them. A digest is known once the image is
  /// pulled. Where the game waits for a native sidecar, which this program is then, that
  /// is never before it is ready: after ten seconds they pass, with a line in the log.
  Result<void> check_known(const Entries& files, const kube::Pod& pod);

 private:
  std::function<Clock::time_point()> time_;
  std::optional<Clock::time_point> asked_since_;
};

}  // namespace okg::results
