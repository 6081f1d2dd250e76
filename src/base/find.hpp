// A look-up in a map, in one expression.
#pragma once

namespace okg {

/// The value of a key; null when the map does not have it.
template <class Map, class Key>
[[nodiscard]] auto* value_at(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace okg
