// docs/metrics.md, from the one table of metrics.
#pragma once

#include <string>

#include "reference/language.hpp"

namespace okg::reference {

/// A page in Markdown: a row for each metric.
[[nodiscard]] std::string metrics_page(Language language);

}  // namespace okg::reference
