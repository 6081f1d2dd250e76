// The key of the result ConfigMap that holds a
// workload's latest, which all its pods change.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "kube/client.hpp"

namespace okg::results {

/// Compare and swap of one key. By value, because every other pod's write of
/// its own key changes the resource version; by that version where a JSON
/// patch cannot do it: it adds nothing below a `data` that is not there.
class LatestKey {
 public:
  /// After so many lost swaps in a row, something other than
  /// our siblings is writing: the recorder tries again later.
  static constexpr int kMaxSwaps = 12;

  /// Makes the next value from the current one ("" when there is none); nothing: it stays.
  using Next = std::function<std::optional<std::string>(std::string_view current)>;

  LatestKey(kube::Client& client, std::string ns, std::string config_map);

  /// Chooses the key. To be called before anything else.
  void use_key(std::string key);
  /// The ConfigMap as an answer had it: the next change begins there, and asks nothing.
  void note(const kube::ConfigMap& map);
  /// The next change reads first, whatever was noted.
  void read_again() { seen_.reset(); }
  /// Reads again when others were quicker. Errors: those of
  /// kube::Client; kConflict after kMaxSwaps; kStopping.
  Result<void> change(const Next& next_of, std::stop_token stop);

 private:
  struct Seen {
    std::string resource_version;
    bool has_data = false;
    std::optional<std::string> text;
  };

  Result<void> read(std::stop_token stop);
  Result<void> exchange(const std::string& next, bool by_value, std::stop_token stop);
  Result<kube::ConfigMap> swap_by_version(const std::string& next, std::stop_token stop);
  /// A test that fails although nobody changed the text fails for
  /// ever: this API server spells it in another way than we do.
  [[nodiscard]] bool compares_by_value(const std::optional<Seen>& lost) const;

  kube::Client& client_;
  const std::string ns_;
  const std::string config_map_;
  std::string key_;
  std::optional<Seen> seen_;
};

}  // namespace okg::results
