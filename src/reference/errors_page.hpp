// docs/errors.md, from the one table of reasons.
#pragma once

#include <string>

#include "reference/language.hpp"

namespace okg::reference {

/// A page in Markdown: a section for each reason, with its cause and its cure.
[[nodiscard]] std::string errors_page(Language language);

}  // namespace okg::reference
