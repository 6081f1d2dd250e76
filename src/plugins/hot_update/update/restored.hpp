// The outcome of making a pod run what it should.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "results/entry.hpp"

namespace okg::hot_update {

/// The outcome of one attempt.
struct Restored {
  std::vector<Outcome> outcomes;
  results::Entries missing;             ///< what is not live yet
  std::map<std::string, Error> reason;  ///< path of `missing` -> what failed
  /// Paths of `missing` of which the source has other content than was asked for, or none. Whoever
  /// can write a stored entry must not be able to keep pods from becoming ready with it.
  std::set<std::string> unusable;
  /// Paths of `missing` on which the game was not healthy. They are not
  /// tried again before somebody does something.
  std::set<std::string> given_up;
};

}  // namespace okg::hot_update
