// Downloads a source into staging, attempt by attempt,
// as DownloadPlan says. Hashes while it writes, and
// warns of unmarked lengths and of encodings.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <variant>

#include "base/error.hpp"
#include "content/download_settings.hpp"
#include "content/source.hpp"
#include "content/staged_content.hpp"
#include "http/client/request.hpp"

namespace okg::content {

/// The source says that what we have is what it has (304).
struct NotModified {};

/// One transfer: http::Client::send, or a script.
using Send = std::function<Result<http::ResponseHead>(const http::ClientRequest&,
                                                      http::ResponseSink&, std::stop_token)>;

/// How far a download is.
struct DownloadProgress {
  std::uint64_t bytes_done = 0;
  std::optional<std::uint64_t> bytes_total{};  ///< absent: the source has not said it
  int attempt = 0;                             ///< 1 is the first
  std::uint64_t files_done = 0;
  std::uint64_t files_total = 1;  ///< of a manifest: those that are not live yet
};
/// Hears of it with each attempt and each piece that comes.
using OnProgress = std::function<void(const DownloadProgress&)>;

/// Errors: kUpstream and kUnavailable (the source; the message
/// has status or cause and the number of attempts), kTimeout,
/// kRefused (longer than maxBytes), kNoSpace, kStopping, and
/// what the disk says. Nothing is left in staging then.
Result<std::variant<DownloadedFile, NotModified>> download(
    const Send& send, const Source& source, const StagedName& staged,
    const DownloadSettings& settings, const std::stop_token& stop,
    const OnProgress& on_progress = [](const DownloadProgress&) {});

}  // namespace okg::content
