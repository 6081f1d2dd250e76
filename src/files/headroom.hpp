// Room that has to stay free on a volume, for whoever
// writes without knowing how much is to come.
#pragma once

#include <cstdint>

#include "base/error.hpp"
#include "base/setting.hpp"

namespace okg::files {

/// Writes of up to this size in all succeed
/// also on a volume that is nearly full.
inline constexpr std::uint64_t kSmallBytes = std::uint64_t{1} << 20U;

/// Errors: kNoSpace: less than `min_free_percent` of the volume that `fd` is on would
/// stay free after so many bytes. More than is free at all is for the file system to say.
Result<void> check_stays_free(int fd, std::uint64_t bytes, Setting<unsigned> min_free_percent);

/// Thread-compatible.
class Headroom {
 public:
  /// 0: nothing has to stay free.
  explicit Headroom(Setting<unsigned> min_free_percent) : min_free_percent_(min_free_percent) {}

  /// To be called for all that is written to the volume of `fd`: it
  /// looks after each kSmallBytes whether what comes next would fit.
  /// Errors: kNoSpace: less than `min_free_percent` would stay free.
  Result<void> take(int fd, std::uint64_t bytes);

 private:
  Setting<unsigned> min_free_percent_;
  std::uint64_t taken_ = 0;  ///< since it looked
};

}  // namespace okg::files
