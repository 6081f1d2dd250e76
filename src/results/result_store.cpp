#include "results/result_store.hpp"

namespace okg::results {

Files Wanted::merged() const {
  Files all = own;
  all.insert(latest.begin(), latest.end());
  return all;
}

}  // namespace okg::results
