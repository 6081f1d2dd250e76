#include "kube/contention.hpp"

#include <algorithm>

namespace okg::kube {

using std::chrono::milliseconds;

void Contention::answered(milliseconds took, Writers writers) {
  took = std::max(took, milliseconds(1));
  quickest_ = std::min(quickest_.value_or(took), took);
  slowdown_ = took / *quickest_;
  if (writers == Writers::kMany)
    quickest_of_many_ = std::min(quickest_of_many_.value_or(took), took);
}

milliseconds Contention::timeout(milliseconds shortest, milliseconds longest) const {
  const auto& quickest = quickest_of_many_ ? quickest_of_many_ : quickest_;
  if (!quickest) return longest;
  return std::clamp(*quickest * kUsualSlowdown, shortest, longest);
}

milliseconds Contention::max_turns(unsigned shards) const {
  const auto others = std::max(std::int64_t{0}, slowdown_ - kUsualSlowdown);
  return std::min(kMaxTurns, others * kTurn) / std::max(1U, shards);
}

}  // namespace okg::kube
