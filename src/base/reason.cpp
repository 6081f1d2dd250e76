#include "base/reason.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace okg {
namespace {

/// In the order of the enum.
constexpr std::array<std::string_view, static_cast<std::size_t>(Reason::kConfigMapFull) + 1> kWords{
    "",
    "InvalidField",
    "UnknownField",
    "MissingField",
    "UnsupportedMediaType",
    "BodyTooLarge",
    "CrossSite",
    "Unauthenticated",
    "Forbidden",
    "QueueFull",
    "NotRunning",
    "Stopping",
    "UnknownUpdate",
    "TooLate",
    "Cancelled",
    "SourceNotFound",
    "SourceUnauthorized",
    "SourceExpired",
    "SourceError",
    "SourceUnreachable",
    "SourceTimeout",
    "SourceTls",
    "SourceIncomplete",
    "SourceNotAllowed",
    "ChecksumMismatch",
    "SignatureInvalid",
    "EmptyContent",
    "TooLarge",
    "UnsafeArchive",
    "NoSpace",
    "ReadOnly",
    "NoPermission",
    "DiskError",
    "TargetIsDirectory",
    "GameNotFound",
    "SignalNotPermitted",
    "SignalNotHandled",
    "GameEnded",
    "ReloadRefused",
    "GameNotHealthy",
    "NothingKept",
    "ApiUnreachable",
    "ApiForbidden",
    "ConfigMapMissing",
    "ConfigMapFull",
};

}  // namespace

std::string_view to_string(Reason reason) { return kWords.at(static_cast<std::size_t>(reason)); }

std::optional<Reason> parse_reason(std::string_view word) {
  for (std::size_t i = 1; i < kWords.size(); ++i)
    if (kWords.at(i) == word) return static_cast<Reason>(i);
  return std::nullopt;
}

}  // namespace okg
