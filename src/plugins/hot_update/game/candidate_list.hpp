// Whom an update would notify, for an operator to see beforehand.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "plugins/hot_update/settings/settings.hpp"
#include "process/rank.hpp"

namespace okg::hot_update {

/// The candidates, best first; when nothing has the name, the nearest titles:
/// [{"pid":7,"name":"nginx","commandLine":"nginx: master …","user":101,"container":"game",
///   "handlesSignal":"caught","rank":2,"chosen":true,"reason":"its program has the name"}, …]
/// `user` and `container` are null where they are not known, `handlesSignal` ("caught", "ignored",
/// "blocked", "no") where no signal is sent, and `rank` where the name does not match.
[[nodiscard]] nlohmann::ordered_json json_of(const process::Ranking& ranking, int signal);
/// The same as a table for people, one line each.
[[nodiscard]] std::string table_of(const process::Ranking& ranking, int signal);

}  // namespace okg::hot_update
