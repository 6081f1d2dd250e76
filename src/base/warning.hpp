// A success about which its caller should know something.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/reason.hpp"

namespace okg {

struct Warning {
  std::string reason;   ///< one word in CamelCase, for programs: "SourceAddressExpires"
  std::string message;  ///< the fact, and its cure
  bool operator==(const Warning&) const = default;
};
using Warnings = std::vector<Warning>;

/// A warning of this program. One that it reads
/// may have a word of another release.
[[nodiscard]] inline Warning warn(Reason reason, std::string message) {
  return {std::string(to_string(reason)), std::move(message)};
}

}  // namespace okg
