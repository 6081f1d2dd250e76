// Compresses a stream: zstd or gzip, the same bytes for the same bytes.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "base/error.hpp"
#include "bundle/listing.hpp"

namespace okg::bundle {

/// Thread-compatible.
class Packer {
 public:
  Packer() = default;
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  virtual ~Packer() = default;

  /// By the ending of the name: .tar, .tar.zst, .tar.gz or .tgz. `take`
  /// gets the packed bytes and outlives it. Errors: kInvalid, another ending.
  static Result<std::unique_ptr<Packer>> for_name(const std::filesystem::path& name,
                                                  const Take& take);

  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  virtual Result<void> finish() = 0;
};

}  // namespace okg::bundle
