#include "base/reason.hpp"

#include <cstddef>
#include <iterator>

#include "base/text/words.hpp"

namespace okg {
namespace {

/// In the order of the enum.
constexpr Word<Reason> kReasonWords[]{
    {Reason::kInvalidField, "InvalidField"},
    {Reason::kUnknownField, "UnknownField"},
    {Reason::kMissingField, "MissingField"},
    {Reason::kUnsupportedMediaType, "UnsupportedMediaType"},
    {Reason::kBodyTooLarge, "BodyTooLarge"},
    {Reason::kHeadersTooLarge, "HeadersTooLarge"},
    {Reason::kMalformedRequest, "MalformedRequest"},
    {Reason::kRequestTimeout, "RequestTimeout"},
    {Reason::kUnknownPath, "UnknownPath"},
    {Reason::kMethodNotAllowed, "MethodNotAllowed"},
    {Reason::kCrossSite, "CrossSite"},
    {Reason::kUnauthenticated, "Unauthenticated"},
    {Reason::kForbidden, "Forbidden"},
    {Reason::kTooManyPaths, "TooManyPaths"},
    {Reason::kTooManyConnections, "TooManyConnections"},
    {Reason::kTooManyStreams, "TooManyStreams"},
    {Reason::kQueueFull, "QueueFull"},
    {Reason::kNotRunning, "NotRunning"},
    {Reason::kStopping, "Stopping"},
    {Reason::kInterrupted, "Interrupted"},
    {Reason::kUpdateTimeout, "UpdateTimeout"},
    {Reason::kUnknownUpdate, "UnknownUpdate"},
    {Reason::kTooLate, "TooLate"},
    {Reason::kCancelled, "Cancelled"},
    {Reason::kRestoring, "Restoring"},
    {Reason::kRevertPending, "RevertPending"},
    {Reason::kNothingToForget, "NothingToForget"},
    {Reason::kInvalidConfiguration, "InvalidConfiguration"},
    {Reason::kCannotListen, "CannotListen"},
    {Reason::kOrderOnHold, "OrderOnHold"},
    {Reason::kOrderSuperseded, "OrderSuperseded"},
    {Reason::kInternalError, "InternalError"},
    {Reason::kSourceNotFound, "SourceNotFound"},
    {Reason::kSourceUnauthorized, "SourceUnauthorized"},
    {Reason::kSourceExpired, "SourceExpired"},
    {Reason::kSourceError, "SourceError"},
    {Reason::kSourceUnreachable, "SourceUnreachable"},
    {Reason::kSourceTimeout, "SourceTimeout"},
    {Reason::kSourceTls, "SourceTls"},
    {Reason::kSourceIncomplete, "SourceIncomplete"},
    {Reason::kSourceChecksumMismatch, "SourceChecksumMismatch"},
    {Reason::kSourceNotAllowed, "SourceNotAllowed"},
    {Reason::kChecksumMismatch, "ChecksumMismatch"},
    {Reason::kSignatureInvalid, "SignatureInvalid"},
    {Reason::kEmptyContent, "EmptyContent"},
    {Reason::kTooLarge, "TooLarge"},
    {Reason::kUnsafeArchive, "UnsafeArchive"},
    {Reason::kInvalidManifest, "InvalidManifest"},
    {Reason::kKeptContentChanged, "KeptContentChanged"},
    {Reason::kNothingKept, "NothingKept"},
    {Reason::kNoSpace, "NoSpace"},
    {Reason::kReadOnly, "ReadOnly"},
    {Reason::kNoPermission, "NoPermission"},
    {Reason::kDiskError, "DiskError"},
    {Reason::kSharedDirectoryMissing, "SharedDirectoryMissing"},
    {Reason::kStateDirElsewhere, "StateDirElsewhere"},
    {Reason::kStateDirInUse, "StateDirInUse"},
    {Reason::kStateDirUnsafe, "StateDirUnsafe"},
    {Reason::kTargetIsDirectory, "TargetIsDirectory"},
    {Reason::kTargetIsMountPoint, "TargetIsMountPoint"},
    {Reason::kPathBlocked, "PathBlocked"},
    {Reason::kJournalFull, "JournalFull"},
    {Reason::kRecordUnreadable, "RecordUnreadable"},
    {Reason::kGameNotFound, "GameNotFound"},
    {Reason::kSignalNotPermitted, "SignalNotPermitted"},
    {Reason::kSignalNotHandled, "SignalNotHandled"},
    {Reason::kGameEnded, "GameEnded"},
    {Reason::kReloadRefused, "ReloadRefused"},
    {Reason::kGameUnreachable, "GameUnreachable"},
    {Reason::kGameNotHealthy, "GameNotHealthy"},
    {Reason::kApiUnreachable, "ApiUnreachable"},
    {Reason::kApiUnauthenticated, "ApiUnauthenticated"},
    {Reason::kApiForbidden, "ApiForbidden"},
    {Reason::kApiError, "ApiError"},
    {Reason::kServiceAccountMissing, "ServiceAccountMissing"},
    {Reason::kPodNotFound, "PodNotFound"},
    {Reason::kConfigMapMissing, "ConfigMapMissing"},
    {Reason::kConfigMapFull, "ConfigMapFull"},
    {Reason::kSourceAddressExpires, "SourceAddressExpires"},
    {Reason::kContentUnchanged, "ContentUnchanged"},
    {Reason::kSourceLengthUnknown, "SourceLengthUnknown"},
    {Reason::kContentEncoded, "ContentEncoded"},
    {Reason::kSeveralProcesses, "SeveralProcesses"},
    {Reason::kSignalIgnored, "SignalIgnored"},
    {Reason::kOrphanedProcess, "OrphanedProcess"},
    {Reason::kGameStopped, "GameStopped"},
    {Reason::kSingleFileMounted, "SingleFileMounted"},
    {Reason::kStoredAsArchive, "StoredAsArchive"},
    {Reason::kStoredAsPage, "StoredAsPage"},
    {Reason::kSignatureNotVerified, "SignatureNotVerified"},
    {Reason::kAuthNotConfigured, "AuthNotConfigured"},
    {Reason::kCertificateNotUsable, "CertificateNotUsable"},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < std::size(kReasonWords); ++i)
    if (static_cast<std::size_t>(kReasonWords[i].value) != i + 1) return false;
  return true;
}
static_assert(is_in_order());
static_assert(std::size(kReasonWords) == kReasons);

}  // namespace

std::string_view to_string(Reason reason) { return word_of(reason, kReasonWords); }

std::optional<Reason> parse_reason(std::string_view word) { return value_of(word, kReasonWords); }

}  // namespace okg
