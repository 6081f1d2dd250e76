// Download: streams a source into staging, hashing while it writes; resumes or begins anew after
// passing faults.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "content/download_settings.hpp"
#include "content/staged_file.hpp"
#include "http/client/client.hpp"

namespace okg::content {

/// The whole content, in staging, with what the source said of it.
struct DownloadedFile {
  StagedFile file;
  Sha256 sha256;
  std::uint64_t bytes = 0;
  std::string etag;           ///< as sent; empty when there was none
  std::string last_modified;  ///< as sent; empty when there was none
};

/// The source says that what we have is what it has (304).
struct NotModified {};

/// What makes a download conditional: the validators of the content that is live.
struct Validators {
  std::string etag;
  std::string last_modified;
  [[nodiscard]] bool empty() const { return etag.empty() && last_modified.empty(); }
};

/// Errors: kUpstream and kUnavailable (the source; the message has status or cause and the number
/// of attempts), kTimeout, kRefused (longer than maxBytes, empty), kNoSpace, kStopping, and what
/// the disk says. Nothing is left in staging then.
Result<std::variant<DownloadedFile, NotModified>> download(
    http::Client& client, const std::string& url, const Validators& validators,
    const std::filesystem::path& staging_file, const DownloadSettings& settings,
    std::stop_token stop);

}  // namespace okg::content
