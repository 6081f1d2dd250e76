// Results where operators look: on the pod, and in one ConfigMap that
// all pods of all workloads share without overwriting each other.
#pragma once

#include <optional>
#include <string>

#include "kube/client.hpp"
#include "kube/workload.hpp"
#include "results/in_kube/in_kube_settings.hpp"
#include "results/in_kube/latest_key.hpp"
#include "results/in_kube/until_image.hpp"
#include "results/record_json.hpp"
#include "results/result_store.hpp"

namespace okg::results {

/// One write is a patch of the pod, one of this pod's own key, and,
/// where the workload's latest has to move, one compare-and-swap of
/// its key. Keys and values: keys.hpp and record_json.hpp.
class InKubeStore final : public ResultStore {
 public:
  InKubeStore(kube::Credentials credentials, InKubeSettings settings,
              kube::ClientSettings client_settings = {});

  /// Does as much of it as it can, and names everything that failed in one
  /// error. kNoSpace: the ConfigMap is full. Entries of scope `pod` that
  /// an earlier life of this pod left, and that were not live since, stay.
  Result<void> write(const Record& record, std::stop_token stop) override;
  Result<void> observe(const std::string& observed, std::stop_token stop) override;
  /// Paths without an entry of ours get that of the original
  /// sidecar. An entry that cannot be read is logged and ignored.
  Result<Wanted> read(std::stop_token stop) override;
  Result<std::set<std::string>> forget(const std::optional<std::string>& path,
                                       std::stop_token stop) override;
  Result<void> leave(std::stop_token stop) override;

 private:
  enum class Patched {
    kNow,      ///< the pod has a new result
    kNothing,  ///< there was nothing to write, or it was written before
  };
  Result<Patched> patch_pod(const Record& record, std::stop_token stop);
  Result<void> send_patch(std::string patch, std::stop_token stop);
  /// Lets siblings go first that write the same ConfigMap at this moment.
  Result<void> take_turn(std::stop_token stop);
  [[nodiscard]] bool concerns_this_object_only(ErrorCode code) const;
  Result<void> find_workload(std::stop_token stop);
  void note_pod(const kube::Pod& pod);
  Result<void> find_own(std::stop_token stop);
  void note_own(const kube::ConfigMap& shard);
  Result<void> patch_own_key(const Record& record, std::stop_token stop);
  /// The original's entry of this pod, where it is asked for.
  Result<void> patch_original_key(const Record& record, std::stop_token stop);
  Result<void> advance_latest(const Record& record, std::stop_token stop);
  Result<void> change_latest(const LatestKey::Next& next_of, std::stop_token stop);
  [[nodiscard]] Error about_pod(const Error& error) const;
  [[nodiscard]] Error explained(const Error& error, const std::string& config_map) const;

  kube::Client client_;
  const InKubeSettings settings_;
  const std::string pod_key_;
  const std::string shard_;
  /// The last patch of the pod that went through, which a retry need not repeat.
  std::string patched_pod_;
  kube::Pod pod_;  ///< as last seen
  std::optional<kube::Workload> workload_;
  UntilImages images_;
  /// Our entries of scope `pod` in the store that
  /// were not live so far; absent until read.
  std::optional<Entries> own_;
  Ignored own_ignored_;  ///< our entries that could not be read
  LatestKey latest_;
};

}  // namespace okg::results
