#include "results/result_store.hpp"

namespace okg::results {

Entries Wanted::merged() const {
  Entries all = own;
  all.insert(latest.begin(), latest.end());
  return all;
}

}  // namespace okg::results
