// A pod's results as its annotations and label.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "results/in_kube/in_kube_settings.hpp"
#include "results/result_store.hpp"

namespace okg::results {

/// The `metadata` of a patch of the pod; empty when the settings name nothing to write to.
[[nodiscard]] nlohmann::json metadata_of(const Record& record, const InKubeSettings& settings);
/// The same of what came of the pod's orders alone; without text, the annotation goes.
[[nodiscard]] nlohmann::json metadata_of_observed(const std::string& observed);

/// Others read it, too, in an object that is everybody's.
[[nodiscard]] LastResult with_short_message(LastResult last);

}  // namespace okg::results
