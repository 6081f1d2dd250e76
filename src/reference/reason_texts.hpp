// The cause and the cure of each reason, in both languages:
// docs/errors.md is generated from this one table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/reason.hpp"

namespace okg::reference {

/// The subject of a reason: the headings of docs/errors.md.
enum class ReasonGroup : std::uint8_t {
  kRequest,
  kQueue,
  kSource,
  kContent,
  kDisk,
  kGame,
  kApiServer,
  kWarning,  ///< The update stands.
};

struct ReasonText {
  std::string_view cause;
  std::string_view cure;
};
struct ReasonTexts {
  Reason reason;
  ReasonGroup group;
  ReasonText english;
  ReasonText chinese;
};
/// All but kNone, in the order of the enum;
/// a reason without texts does not compile.
[[nodiscard]] std::span<const ReasonTexts> reason_texts();

}  // namespace okg::reference
