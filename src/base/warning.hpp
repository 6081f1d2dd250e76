// Something that succeeded, and that its caller should know all the same.
#pragma once

#include <string>
#include <vector>

namespace okg {

struct Warning {
  std::string reason;   ///< one word in CamelCase, for programs: "SourceAddressExpires"
  std::string message;  ///< what is so, and what to do about it
  bool operator==(const Warning&) const = default;
};
using Warnings = std::vector<Warning>;

}  // namespace okg
