// Something that succeeded, and that its caller should know all the same.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/reason.hpp"

namespace okg {

struct Warning {
  std::string reason;   ///< one word in CamelCase, for programs: "SourceAddressExpires"
  std::string message;  ///< what is so, and what to do about it
  bool operator==(const Warning&) const = default;
};
using Warnings = std::vector<Warning>;

/// What this program warns of; what it reads may have words of another release.
[[nodiscard]] inline Warning warn(Reason reason, std::string message) {
  return {std::string(to_string(reason)), std::move(message)};
}

}  // namespace okg
