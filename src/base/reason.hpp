// Why something is not well, as one word that tools can match: the closed list of reasons.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace okg {

/// Each is spelled in answers as here without the k, and has a section in docs/errors.md.
enum class Reason : std::uint8_t {
  kNone,  ///< nothing to say beyond the message
  // the request
  kInvalidField,
  kUnknownField,
  kMissingField,
  kUnsupportedMediaType,
  kBodyTooLarge,
  kCrossSite,
  kUnauthenticated,
  kForbidden,
  // the queue and the plugin
  kQueueFull,
  kNotRunning,
  kStopping,
  kUnknownUpdate,
  kTooLate,
  kCancelled,
  // the source
  kSourceNotFound,
  kSourceUnauthorized,
  kSourceExpired,
  kSourceError,
  kSourceUnreachable,
  kSourceTimeout,
  kSourceTls,
  kSourceIncomplete,
  kSourceNotAllowed,
  // the content
  kChecksumMismatch,
  kSignatureInvalid,
  kEmptyContent,
  kTooLarge,
  kUnsafeArchive,
  // the disk
  kNoSpace,
  kReadOnly,
  kNoPermission,
  kDiskError,
  kTargetIsDirectory,
  // the game
  kGameNotFound,
  kSignalNotPermitted,
  kSignalNotHandled,
  kGameEnded,
  kReloadRefused,
  kGameNotHealthy,
  kNothingKept,
  // the API server
  kApiUnreachable,
  kApiForbidden,
  kConfigMapMissing,
  kConfigMapFull,
};

/// "InvalidField", …; empty for kNone.
[[nodiscard]] std::string_view to_string(Reason reason);
/// Nothing for a word that is none of them.
[[nodiscard]] std::optional<Reason> parse_reason(std::string_view word);

}  // namespace okg
