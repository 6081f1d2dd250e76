// A file that is there as a whole or not at all, with its checksum.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "base/io/unique_fd.hpp"

namespace okg::bundle {

/// The file that is written until the output is complete.
[[nodiscard]] inline std::filesystem::path part_of(const std::filesystem::path& output) {
  return output.string() + ".part";
}

/// Removed with its owner unless it was finished.
class Output {
 public:
  static Result<Output> create(const std::filesystem::path& path);
  Output(Output&& other) noexcept = default;
  Output& operator=(Output&&) = delete;
  ~Output();

  Result<void> write(std::span<const std::byte> bytes);
  Result<void> write(std::string_view text);
  /// It gets its name. Returns the checksum of all that was written.
  Result<Sha256> finish();

 private:
  Output(unique_fd file, std::filesystem::path path)
      : file_(std::move(file)), path_(std::move(path)) {}
  [[nodiscard]] std::filesystem::path part() const { return part_of(path_); }

  unique_fd file_;
  std::filesystem::path path_;
  Sha256Stream hash_;
};

}  // namespace okg::bundle
