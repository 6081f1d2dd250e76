// Content that may be published: what was downloaded is
// what was asked for, or what was kept is what it was.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "base/io/file.hpp"
#include "base/warning.hpp"
#include "content/download_plan.hpp"
#include "content/download_settings.hpp"
#include "content/staged_file.hpp"

namespace okg::content {

/// The whole content, in staging, with what the source said of it.
struct DownloadedFile {
  StagedFile file;
  FileDigest digest;
  Validators validators;
  Warnings warnings;
  std::string blake2b{};  ///< hexadecimal, of what a signature signs; empty: not asked for
};

/// Made only by the two functions that check it.
class StagedContent {
 public:
  /// `url` is for messages. Errors: kRefused (checksum
  /// differs, empty content that is not allowed).
  static Result<StagedContent> verify(DownloadedFile downloaded, const std::string& url,
                                      const std::optional<Sha256>& expected,
                                      const DownloadSettings& settings);
  /// Content that was live before, from `file`; `path` is for messages.
  /// Errors: kRefused, it is not `expected`; what reading it says.
  static Result<StagedContent> accept_kept(StagedFile file, const std::string& path,
                                           const std::optional<Sha256>& expected,
                                           Validators validators);

  [[nodiscard]] StagedFile& file() { return file_; }
  [[nodiscard]] const Sha256& sha256() const { return digest_.sha256; }
  [[nodiscard]] std::uint64_t bytes() const { return digest_.bytes; }
  /// The digest that a signature signs, in hexadecimal digits;
  /// empty until somebody asks for it.
  [[nodiscard]] const std::string& blake2b() const { return blake2b_; }
  /// Reads the content for it, unless it is known. Errors: what reading says.
  [[nodiscard]] Result<void> find_blake2b();
  /// The names that the source gives this version.
  [[nodiscard]] const Validators& validators() const { return validators_; }

 private:
  StagedContent(StagedFile file, FileDigest digest, Validators validators, std::string blake2b)
      : file_(std::move(file)),
        digest_(digest),
        validators_(std::move(validators)),
        blake2b_(std::move(blake2b)) {}

  StagedFile file_;
  FileDigest digest_;
  Validators validators_;
  std::string blake2b_;
};

}  // namespace okg::content
