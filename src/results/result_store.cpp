#include "results/result_store.hpp"

namespace okg::results {

Files Desired::merged() const {
  Files all = own;
  all.insert(latest.begin(), latest.end());
  return all;
}

}  // namespace okg::results
