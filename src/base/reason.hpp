// Why something is not well, as one word that tools can match:
// the closed list. reference/reason_texts.cpp explains each of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace okg {

/// Answers spell each of them as here without the k. A new one needs a row in reason.cpp
/// and one in reference/reason_texts.cpp; then `./scripts/reference` writes its section.
enum class Reason : std::uint8_t {
  kNone,  ///< nothing is wrong, or nothing beyond the message is known
  // the request
  kInvalidField,
  kUnknownField,
  kMissingField,
  kUnsupportedMediaType,
  kBodyTooLarge,
  kHeadersTooLarge,
  kMalformedRequest,
  kRequestTimeout,
  kUnknownPath,
  kMethodNotAllowed,
  kCrossSite,
  kUnauthenticated,
  kForbidden,
  kTooManyPaths,
  kTooManyConnections,
  kTooManyStreams,
  // the queue and the sidecar
  kQueueFull,
  kNotRunning,
  kStopping,
  kInterrupted,
  kUpdateTimeout,
  kUnknownUpdate,
  kTooLate,
  kCancelled,
  kRestoring,
  kRevertPending,
  kNothingToForget,
  kInvalidConfiguration,
  kCannotListen,
  kOrderOnHold,
  kOrderSuperseded,
  kInternalError,
  // the source
  kSourceNotFound,
  kSourceUnauthorized,
  kSourceExpired,
  kSourceError,
  kSourceUnreachable,
  kSourceTimeout,
  kSourceTls,
  kSourceIncomplete,
  kSourceChecksumMismatch,
  kSourceNotAllowed,
  // the content
  kChecksumMismatch,
  kSignatureInvalid,
  kEmptyContent,
  kTooLarge,
  kUnsafeArchive,
  kInvalidManifest,
  kKeptContentChanged,
  kNothingKept,
  // the disk
  kNoSpace,
  kReadOnly,
  kNoPermission,
  kDiskError,
  kSharedDirectoryMissing,
  kStateDirElsewhere,
  kStateDirInUse,
  kStateDirUnsafe,
  kTargetIsDirectory,
  kTargetIsMountPoint,
  kPathBlocked,
  kJournalFull,
  kRecordUnreadable,
  // the game
  kGameNotFound,
  kSignalNotPermitted,
  kSignalNotHandled,
  kGameEnded,
  kReloadRefused,
  kGameUnreachable,
  kGameNotHealthy,
  // the API server
  kApiUnreachable,
  kApiUnauthenticated,
  kApiForbidden,
  kApiError,
  kServiceAccountMissing,
  kPodNotFound,
  kConfigMapMissing,
  kConfigMapFull,
  // beside a success
  kSourceAddressExpires,
  kContentUnchanged,
  kSourceLengthUnknown,
  kContentEncoded,
  kSeveralProcesses,
  kSignalIgnored,
  kOrphanedProcess,
  kGameStopped,
  kSingleFileMounted,
  kStoredAsArchive,
  kStoredAsPage,
  kSignatureNotVerified,
  kAuthNotConfigured,
  kCertificateNotUsable,
};
/// The number of reasons, without kNone.
inline constexpr auto kReasons = static_cast<std::size_t>(Reason::kCertificateNotUsable);

/// "InvalidField", …; empty for kNone.
[[nodiscard]] std::string_view to_string(Reason reason);
/// Nothing for a word that is none of them.
[[nodiscard]] std::optional<Reason> parse_reason(std::string_view word);

}  // namespace okg
