#include "plugins/hot_update/orders/hold.hpp"

#include <algorithm>

#include "plugins/hot_update/orders/pod_labels.hpp"

namespace okg::hot_update {

std::string why_held(const HoldWhile& hold) {
  const auto labels = read_pod_labels(hold.labels_file);
  if (!labels)
    return "the pod's labels cannot be read (" + hold.labels_file.string() + ": " +
           labels.error().message + "); project them, as docs/fleet.md shows";
  const auto found = labels->find(hold.label);
  if (found == labels->end() || std::ranges::find(hold.values, found->second) == hold.values.end())
    return {};
  return "label " + hold.label + " is " + found->second + " (orders.holdWhile)";
}

}  // namespace okg::hot_update
