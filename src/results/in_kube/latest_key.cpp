#include "results/in_kube/latest_key.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/time/backoff.hpp"
#include "base/time/wait.hpp"
#include "results/in_kube/conditional_patch.hpp"
#include "results/in_kube/keys.hpp"

namespace okg::results {
namespace {

using std::chrono::milliseconds;

/// The pause between swaps that were lost to a sibling.
constexpr milliseconds kFirstSwapDelay{20};
constexpr milliseconds kMaxSwapDelay{1'000};

}  // namespace

LatestKey::LatestKey(kube::Client& client, std::string ns, std::string config_map)
    : client_(client), ns_(std::move(ns)), config_map_(std::move(config_map)) {}

void LatestKey::use_key(std::string key) {
  if (key == key_) return;
  key_ = std::move(key);
  seen_.reset();
}

void LatestKey::note(const kube::ConfigMap& map) {
  if (key_.empty()) return;
  Seen seen{map.resource_version, !map.data.empty(), std::nullopt};
  if (const auto found = map.data.find(key_); found != map.data.end()) seen.text = found->second;
  seen_ = std::move(seen);
}

Result<void> LatestKey::change(const Next& next_of, std::stop_token stop) {
  Backoff backoff(kFirstSwapDelay, kMaxSwapDelay);
  std::optional<Seen> lost;
  Error why;
  for (int swaps = 0; swaps < kMaxSwaps; ++swaps) {
    if (auto seen = read(stop); !seen) return seen;
    const auto next = next_of(seen_->text.value_or(""));
    if (!next) return {};
    if (auto fits = check_room(key_, *next); !fits) return fits;
    auto swapped = exchange(*next, compares_by_value(lost), stop);
    if (swapped || swapped.error().code != ErrorCode::kConflict) return swapped;
    why = swapped.error();
    lost = std::exchange(seen_, std::nullopt);
    if (!wait_for(stop, backoff.next()))
      return fail(ErrorCode::kStopping, "stopped while changing the latest");
  }
  return why.in("the workload's latest was changed by others " + std::to_string(kMaxSwaps) +
                " times in a row");
}

bool LatestKey::compares_by_value(const std::optional<Seen>& lost) const {
  return seen_->has_data && !(lost && lost->text == seen_->text);
}

Result<void> LatestKey::read(std::stop_token stop) {
  if (seen_) return {};
  const auto map = client_.get_config_map(ns_, config_map_, stop);
  if (!map) return map.error();
  note(*map);
  return {};
}

Result<void> LatestKey::exchange(const std::string& next, bool by_value, std::stop_token stop) {
  const auto map = by_value
                       ? client_.json_patch_config_map(
                             ns_, config_map_, conditional_patch(key_, seen_->text, next), stop)
                       : swap_by_version(next, stop);
  if (!map) return map.error();
  note(*map);
  return {};
}

Result<kube::ConfigMap> LatestKey::swap_by_version(const std::string& next, std::stop_token stop) {
  const nlohmann::json patch = {{"metadata", {{"resourceVersion", seen_->resource_version}}},
                                {"data", {{key_, next}}}};
  return client_.patch_config_map(ns_, config_map_, to_text(patch), stop,
                                  kube::OnConflict::kReport);
}

}  // namespace okg::results
