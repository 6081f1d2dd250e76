#include "kube/workload.hpp"

#include <algorithm>
#include <string_view>

namespace okg::kube {
namespace {

std::string_view label(const Pod& pod, const std::string& key) {
  const auto found = pod.labels.find(key);
  return found == pod.labels.end() ? std::string_view() : std::string_view(found->second);
}

/// @source k8s.io/apimachinery/pkg/util/rand/rand.go; k8s.io/apiserver/pkg/storage/names
constexpr std::string_view kDrawn = "bcdfghjklmnpqrstvwxz2456789";
constexpr std::size_t kDrawnLetters = 5;

}  // namespace

Workload workload_of(const Pod& pod) {
  // @source https://openkruise.io/kruisegame/user-manuals/gameserver-scale: OpenKruiseGame puts it
  // on every pod of a GameServerSet, whose controlling
  // owner is an Advanced StatefulSet of the same name.
  if (const auto set = label(pod, "game.kruise.io/owner-gss"); !set.empty())
    return {pod.ns, "GameServerSet", std::string(set)};

  const auto owner =
      std::ranges::find_if(pod.owners, [](const auto& each) { return each.controller; });
  if (owner == pod.owners.end()) return {pod.ns, "Pod", pod.name};
  if (owner->kind == "ReplicaSet") {
    // The Deployment controller names its ReplicaSets
    // <deployment>-<pod-template-hash>, and labels their pods with that hash.
    // @source
    // https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label
    const std::string suffix = "-" + std::string(label(pod, "pod-template-hash"));
    if (suffix.size() > 1 && owner->name.size() > suffix.size() && owner->name.ends_with(suffix)) {
      return {pod.ns, "Deployment", owner->name.substr(0, owner->name.size() - suffix.size())};
    }
  }
  return {pod.ns, owner->kind, owner->name};
}

bool has_random_name(const Workload& workload, std::string_view pod) {
  // A number of a pod may look drawn, as in game-22222.
  if (workload.kind == "StatefulSet" || workload.kind == "GameServerSet") return false;
  if (!pod.starts_with(workload.name + "-")) return false;
  const auto drawn = pod.substr(pod.rfind('-') + 1);
  return drawn.size() == kDrawnLetters && drawn.find_first_not_of(kDrawn) == std::string_view::npos;
}

}  // namespace okg::kube
