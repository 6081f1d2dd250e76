// The owner of a pod, whose "latest" it shares with its siblings.
#pragma once

#include <string>
#include <string_view>

#include "kube/objects.hpp"

namespace okg::kube {

struct Workload {
  std::string ns;
  std::string kind;  ///< GameServerSet, StatefulSet, Deployment, ReplicaSet, …, or Pod for a pod
                     ///< that nothing owns
  std::string name;
  bool operator==(const Workload&) const = default;
};

/// The GameServerSet named by the label game.kruise.io/owner-gss,
/// else the controlling owner (a Deployment's ReplicaSet counts
/// as the Deployment), else the pod itself.
[[nodiscard]] Workload workload_of(const Pod& pod);

/// True when the name of this pod of the workload ends in letters
/// that were drawn: no other pod will have it.
[[nodiscard]] bool has_random_name(const Workload& workload, std::string_view pod);

}  // namespace okg::kube
