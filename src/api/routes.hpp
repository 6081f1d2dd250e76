// The paths of the HTTP contract, below the sidecar's address.
#pragma once

#include <string>

namespace okg::api {

inline constexpr const char* kUpdateRoute = "/hot-update";  ///< POST an update, GET the status
inline constexpr const char* kRollbackRoute = "/hot-update/rollback";
inline constexpr const char* kForgetRoute = "/hot-update/forget";
inline constexpr const char* kProcessesRoute = "/hot-update/processes";
inline constexpr const char* kEventsRoute = "/hot-update/events";
/// GET or DELETE one update, whose id comes behind it.
inline constexpr const char* kUpdatesRoute = "/hot-update/updates/";
/// A query of GET kUpdatesRoute: how long the answer may wait for the update's end.
inline constexpr const char* kWaitSecondsField = "waitSeconds";

/// Where one update is.
[[nodiscard]] inline std::string location_of(const std::string& id) { return kUpdatesRoute + id; }

}  // namespace okg::api
