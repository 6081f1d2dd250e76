// Writes a tar that says nothing of who packed it, or when: ustar,
// with pax records where a name or a size needs them.
#pragma once

#include <span>
#include <string>

#include "base/error.hpp"
#include "bundle/listing.hpp"

namespace okg::bundle {

/// Thread-compatible. `take` outlives it.
class TarWriter {
 public:
  explicit TarWriter(const Take& take) : take_(take) {}

  /// The header of an item; of a file, its bytes follow.
  Result<void> begin(const Item& item);
  Result<void> write(std::span<const std::byte> bytes);
  Result<void> end(const Item& item);
  /// After the last item.
  Result<void> finish();

 private:
  Result<void> put(const std::string& bytes);
  Result<void> pad(std::uint64_t bytes);

  const Take& take_;
};

}  // namespace okg::bundle
