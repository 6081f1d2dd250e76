#include "results/in_kube_store.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>
#include <vector>

#include "base/backoff.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/wait.hpp"
#include "results/keys.hpp"
#include "results/original_entry.hpp"
#include "results/record_json.hpp"
#include "results/swap_patch.hpp"

namespace okg::results {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

/// So many lost swaps in a row mean that something other than our siblings is at work: the journal
/// tries again later.
constexpr int kSwaps = 12;
constexpr milliseconds kFirstSwapDelay{20};
constexpr milliseconds kMaxSwapDelay{1'000};

/// The ConfigMap is everybody's: one pod's long message must not fill it.
constexpr std::size_t kMessageBytes = 1'024;

/// How long to let others go first: siblings that got the same answer wait differently long.
milliseconds turn_within(milliseconds max) {
  std::minstd_rand random(std::random_device{}());
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, max.count())(random));
}

std::string dump(const json& object) { return to_text(object); }

LastResult with_short_message(LastResult last) {
  last.message = shortened(last.message, kMessageBytes);
  return last;
}

std::string path_of(const kube::Workload& workload) {
  return workload.ns + "/" + workload.kind + "/" + workload.name;
}

/// What `parse` makes of the value at `key`; empty when there is none or it cannot be read.
template <class T>
T read_key(const kube::ConfigMap& map, const std::string& key,
           Result<T> (*parse)(std::string_view)) {
  const auto found = map.data.find(key);
  if (found == map.data.end()) return {};
  auto value = parse(found->second);
  if (value) return *std::move(value);
  log::warn("a key of the result ConfigMap is not readable and ignored",
            {{"key", key}, {"error", value.error().message}});
  return {};
}

Files of_scope_pod(Files files) {
  std::erase_if(files, [](const auto& each) { return each.second.scope != Scope::kPod; });
  return files;
}

/// All that went wrong, as one error with the code of the first.
Result<void> combined(const std::vector<Error>& problems) {
  if (problems.empty()) return {};
  Error all = problems.front();
  for (std::size_t i = 1; i < problems.size(); ++i) all.message += "; " + problems[i].message;
  return all;
}

/// Whether what failed would fail in the same way for whatever is tried next: the API server is
/// away, or we are leaving.
bool ends_the_write(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout ||
         code == ErrorCode::kStopping || code == ErrorCode::kUpstream;
}

}  // namespace

InKubeStore::InKubeStore(kube::Credentials credentials, InKubeSettings settings,
                         kube::ClientSettings client_settings)
    : client_(std::move(credentials), client_settings),
      settings_(std::move(settings)),
      pod_key_(pod_key(settings_.pod_namespace, settings_.pod_name)),
      shard_(shard_of(settings_.config_map_name, settings_.shards, pod_key_)) {}

Result<void> InKubeStore::write(const Record& record, std::stop_token stop) {
  std::vector<Error> problems;
  if (auto patched = patch_pod(record, stop); !patched) {
    if (ends_the_write(patched.error().code) && !concerns_this_object_only(patched.error().code))
      return patched;
    problems.push_back(patched.error());
  }
  if (auto found = find_workload(stop); !found) {
    if (ends_the_write(found.error().code)) return found;
    // The same cause as of the failed patch just above needs no second sentence.
    if (problems.empty() || problems.front().code != found.error().code)
      problems.push_back(found.error());
  }
  auto patched = find_own(stop);
  if (patched) patched = patch_own_key(record, stop);
  if (!patched) {
    problems.push_back(patched.error());
    if (ends_the_write(patched.error().code) || shard_ == settings_.config_map_name)
      return combined(problems);
  }
  if (workload_ && !record.latest.empty()) {
    if (auto advanced = change_latest(
            [&](std::string_view current) { return advance_latest(current, record.latest); }, stop);
        !advanced)
      problems.push_back(advanced.error());
  }
  return combined(problems);
}

/// The API server answers, with 5xx: a webhook for pods that is down fails every patch of a pod and
/// none of a ConfigMap.
bool InKubeStore::concerns_this_object_only(ErrorCode code) const {
  return client_.last_status() >= 500 &&
         (code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout);
}

Result<Desired> InKubeStore::read(std::stop_token stop) {
  if (auto found = find_workload(stop); !found) return found.error();
  auto root =
      client_.get_config_map(settings_.config_map_namespace, settings_.config_map_name, stop);
  if (!root) return root.error();
  note_root(*root);
  if (shard_ == settings_.config_map_name) note_own(*root);
  if (auto found = find_own(stop); !found) return found.error();

  Desired desired{*own_, read_key(*root, latest_key(*workload_), parse_latest)};
  desired.latest.merge(read_key(*root, original_key(settings_.pod_namespace, settings_.pod_name),
                                parse_original_entry));
  return desired;
}

Result<void> InKubeStore::patch_pod(const Record& record, std::stop_token stop) {
  json metadata = json::object();
  if (!settings_.annotation_key.empty()) {
    metadata["annotations"][settings_.annotation_key] =
        format_annotation(with_short_message(record.last));
  }
  // The label says what the pod runs, which a failed update does not change.
  const auto live = record.files.find(record.last.path);
  if (!settings_.label_key.empty() && live != record.files.end())
    metadata["labels"][settings_.label_key] = live->second.version;
  if (metadata.empty()) return {};
  auto patch = dump({{"metadata", metadata}});
  if (patch == patched_pod_) return {};
  const auto pod = client_.patch_pod(settings_.pod_namespace, settings_.pod_name, patch, stop);
  if (!pod) return pod.error();
  patched_pod_ = std::move(patch);
  workload_ = kube::workload_of(*pod);  // the answer is the whole pod, and saves asking for it
  return take_turn(stop);
}

Result<void> InKubeStore::take_turn(std::stop_token stop) {
  // No sibling writes this pod: what its answer waited for is all that ask at this moment, most
  // likely those of our rollout.
  if (wait_for(stop, turn_within(client_.contention().max_turns(settings_.shards)))) return {};
  return fail(ErrorCode::kStopping, "stopped while others wrote their results");
}

Result<void> InKubeStore::find_workload(std::stop_token stop) {
  if (workload_) return {};
  const auto pod = client_.get_pod(settings_.pod_namespace, settings_.pod_name, stop);
  if (!pod) return pod.error();
  workload_ = kube::workload_of(*pod);
  return {};
}

Result<void> InKubeStore::find_own(std::stop_token stop) {
  if (own_) return {};
  const auto shard = client_.get_config_map(settings_.config_map_namespace, shard_, stop);
  if (!shard) return shard.error();
  note_own(*shard);
  return {};
}

void InKubeStore::note_own(const kube::ConfigMap& shard) {
  if (!own_) own_ = of_scope_pod(read_key(shard, pod_key_, parse_pod_entry).files);
}

Result<void> InKubeStore::patch_own_key(const Record& record, std::stop_token stop) {
  // What was live once says by itself what becomes of its path.
  std::erase_if(*own_, [&](const auto& each) { return record.files.contains(each.first); });
  PodEntry entry{with_short_message(record.last), workload_ ? path_of(*workload_) : std::string(),
                 record.files};
  entry.files.insert(own_->begin(), own_->end());
  const std::string patch = dump({{"data", {{pod_key_, format_pod_entry(entry)}}}});
  const auto map = client_.patch_config_map(settings_.config_map_namespace, shard_, patch, stop);
  if (!map) return explained(map.error(), shard_);
  if (shard_ == settings_.config_map_name) note_root(*map);
  return {};
}

Result<void> InKubeStore::change_latest(const NextLatest& next_of, std::stop_token stop) {
  const std::string key = latest_key(*workload_);
  Backoff backoff(kFirstSwapDelay, kMaxSwapDelay);
  std::optional<SeenLatest> lost;
  Error why;
  for (int swaps = 0; swaps < kSwaps; ++swaps) {
    if (!seen_) {
      if (auto reread = reread_root(stop); !reread) return reread;
    }
    const auto next = next_of(seen_->text.value_or(""));
    if (!next) return {};
    // A test that fails although nobody changed the text fails for ever: this API server spells it
    // in another way than we do.
    const bool by_value = seen_->has_data && !(lost && lost->text == seen_->text);
    auto swapped = swap_latest(key, *next, by_value, stop);
    if (swapped) return {};
    if (swapped.error().code != ErrorCode::kConflict) return swapped;
    why = swapped.error();
    lost = std::exchange(seen_, std::nullopt);
    if (!wait_for(stop, backoff.next()))
      return fail(ErrorCode::kStopping, "stopped while changing the latest");
  }
  return why.in("the workload's latest was changed by others " + std::to_string(kSwaps) +
                " times in a row");
}

Result<std::set<std::string>> InKubeStore::forget(const std::optional<std::string>& path,
                                                  std::stop_token stop) {
  if (auto found = find_workload(stop); !found) return found.error();
  if (!workload_)
    return fail(ErrorCode::kInvalid,
                "there is no latest to forget: this pod belongs to no workload");
  seen_.reset();  // what others have written since is to be forgotten as well
  std::set<std::string> forgotten;
  const auto next_of = [&](std::string_view current) {
    auto next = forget_latest(current, path, now());
    forgotten = std::move(next.paths);
    return forgotten.empty() ? std::nullopt : std::optional(std::move(next.text));
  };
  if (auto ok = change_latest(next_of, stop); !ok) return ok.error();
  if (!forgotten.empty()) return forgotten;
  return fail(ErrorCode::kNotFound, path ? "the workload's latest has no path '" + *path + "'"
                                         : "the workload's latest has no path");
}

Result<void> InKubeStore::swap_latest(const std::string& key, const std::string& next,
                                      bool by_value, std::stop_token stop) {
  const std::string& name = settings_.config_map_name;
  const std::string& ns = settings_.config_map_namespace;
  Result<kube::ConfigMap> map;
  if (by_value) {
    map = client_.json_patch_config_map(ns, name, swap_patch(key, seen_->text, next), stop);
  } else {
    const json patch = {{"metadata", {{"resourceVersion", seen_->resource_version}}},
                        {"data", {{key, next}}}};
    map = client_.patch_config_map(ns, name, dump(patch), stop, kube::OnConflict::kReport);
  }
  if (!map) return explained(map.error(), name);
  note_root(*map);
  return {};
}

Result<void> InKubeStore::reread_root(std::stop_token stop) {
  const auto root =
      client_.get_config_map(settings_.config_map_namespace, settings_.config_map_name, stop);
  if (!root) return root.error();
  note_root(*root);
  return {};
}

void InKubeStore::note_root(const kube::ConfigMap& root) {
  if (!workload_) return;
  SeenLatest seen{root.resource_version, !root.data.empty(), std::nullopt};
  if (const auto found = root.data.find(latest_key(*workload_)); found != root.data.end())
    seen.text = found->second;
  seen_ = std::move(seen);
}

Error InKubeStore::explained(const Error& error, const std::string& config_map) const {
  if (error.code != ErrorCode::kNoSpace) return error;
  return {error.code, "ConfigMap " + settings_.config_map_namespace + "/" + config_map +
                          " is full (1 MiB); set storageConfig.inKube.shards to spread the pods "
                          "over more of them, or delete the keys of pods "
                          "that are gone (" +
                          error.message + ")"};
}

}  // namespace okg::results
