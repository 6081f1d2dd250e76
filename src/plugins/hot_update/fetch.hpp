// Fetch: streams a source into staging, hashing while it writes; resumes or begins anew after
// passing faults.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/unique_fd.hpp"
#include "http/client.hpp"
#include "plugins/hot_update/settings.hpp"

namespace okg::hot_update {

/// A file in staging that nobody else knows yet. Removed with its owner unless it was released.
class StagedFile {
 public:
  /// Creates `path` anew.
  static Result<StagedFile> create(std::filesystem::path path);
  /// Takes over a file that is there already, for reading.
  static Result<StagedFile> adopt(std::filesystem::path path);
  StagedFile(StagedFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), fd_(std::move(other.fd_)) {}
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// It has been renamed: it is no longer ours to remove.
  void release() { path_.clear(); }

 private:
  StagedFile(std::filesystem::path path, unique_fd fd)
      : path_(std::move(path)), fd_(std::move(fd)) {}
  std::filesystem::path path_;
  unique_fd fd_;
};

/// The whole content, in staging, with what the source said of it.
struct FetchedFile {
  StagedFile file;
  Sha256 sha256;
  std::uint64_t bytes = 0;
  std::string etag;           ///< as sent; empty when there was none
  std::string last_modified;  ///< as sent; empty when there was none
};

/// The source says that what we have is what it has (304).
struct NotModified {};

/// What makes a fetch conditional: the validators of the content that is live.
struct Validators {
  std::string etag;
  std::string last_modified;
  [[nodiscard]] bool empty() const { return etag.empty() && last_modified.empty(); }
};

/// Errors: kUpstream and kUnavailable (the source; the message has status or cause and the number
/// of attempts), kTimeout, kRefused (longer than maxBytes, empty), kNoSpace, kStopping, and what
/// the disk says. Nothing is left in staging then.
Result<std::variant<FetchedFile, NotModified>> fetch(http::Client& client, const std::string& url,
                                                     const Validators& validators,
                                                     const std::filesystem::path& staging_file,
                                                     const DownloadSettings& settings,
                                                     std::stop_token stop);

}  // namespace okg::hot_update
