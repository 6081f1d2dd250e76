// GET /hot-update/processes shows whom an update would notify,
// and why. Written by the server, read by clients.
#pragma once

#include <sys/types.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace okg::api {

/// A process and the signal that an update sends.
enum class SignalHandling {
  kNotSent,  ///< Updates send no signal.
  kCaught,   ///< A handler of the process runs.
  kIgnored,  ///< The process ignores it.
  kBlocked,  ///< The process reads it by signalfd, or never sees it.
  kNo,       ///< The signal's default happens, which may end the process.
};
/// "caught", "ignored", "blocked", "no"; empty for kNotSent.
[[nodiscard]] std::string_view to_string(SignalHandling handling);

struct ListedProcess {
  pid_t pid = 0;
  std::string name{};
  std::string command_line{};   ///< secrets are masked
  std::optional<uid_t> user{};  ///< nothing: not known
  std::string container{};      ///< its name or its id; empty: not known
  SignalHandling handling = SignalHandling::kNotSent;
  std::optional<int> rank{};  ///< nothing: the name does not match
  bool chosen = false;        ///< it would be notified
  std::string reason{};       ///< why it would be, or would not
  bool operator==(const ListedProcess&) const = default;
};

/// Best first.
using ProcessList = std::vector<ListedProcess>;

/// [{"pid":7,"name":"nginx","commandLine":"nginx: master …","user":101,"container":"game",
///   "handlesSignal":"caught","rank":2,"chosen":true,"reason":"its program has the name"}, …]
/// `user`, `container`, `handlesSignal` and `rank` are null where there is nothing to say.
[[nodiscard]] nlohmann::ordered_json to_json(const ProcessList& list);
/// Members that an older server does not send are empty. Errors: kInvalid, it is no array.
[[nodiscard]] Result<ProcessList> processes_from_json(const nlohmann::ordered_json& json);

}  // namespace okg::api
