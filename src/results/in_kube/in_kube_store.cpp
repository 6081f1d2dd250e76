#include "results/in_kube/in_kube_store.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>
#include <vector>

#include "base/find.hpp"
#include "base/json.hpp"
#include "base/time/backoff.hpp"
#include "base/time/wait.hpp"
#include "results/in_kube/conditional_patch.hpp"
#include "results/in_kube/keys.hpp"
#include "results/in_kube/original_sidecar_entry.hpp"
#include "results/in_kube/original_sidecar_format.hpp"
#include "results/in_kube/pod_metadata.hpp"

namespace okg::results {
namespace {

using std::chrono::milliseconds;

/// Lets others go first for so long; siblings draw apart.
milliseconds turn_within(milliseconds max) {
  std::minstd_rand random(std::random_device{}());
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, max.count())(random));
}

std::string path_of(const kube::Workload& workload) {
  return workload.ns + "/" + workload.kind + "/" + workload.name;
}

/// All that this store asks for.
kube::ClientSettings with_grants(kube::ClientSettings settings) {
  settings.grants = {kube::kRolePrefix,
                     {{"configmaps", "get,patch", true}, {"pods", "get,patch", false}}};
  return settings;
}

/// The value at `key`, read by `parse`; empty
/// when there is none or it cannot be read.
template <class Parse>
auto read_key(const kube::ConfigMap& map, const std::string& key, Ignored& ignored, Parse parse) {
  using T = typename decltype(parse(std::string_view()))::value_type;
  const auto* text = value_at(map.data, key);
  if (text == nullptr) return T{};
  auto value = parse(*text);
  if (value) return *std::move(value);
  ignore(ignored, "", value.error().in("key " + key + " of the result ConfigMap"));
  return T{};
}

Entries of_scope_pod(Entries files) {
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

/// True when the next call would fail in the same way:
/// the API server is away, or we are leaving.
bool ends_the_write(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout ||
         code == ErrorCode::kStopping || code == ErrorCode::kUpstream;
}

}  // namespace

InKubeStore::InKubeStore(kube::Credentials credentials, InKubeSettings settings,
                         kube::ClientSettings client_settings)
    : client_(std::move(credentials), with_grants(std::move(client_settings))),
      settings_(std::move(settings)),
      pod_key_(pod_key(settings_.pod_namespace, settings_.pod_name)),
      shard_(shard_of(settings_.config_map_name, settings_.shards, pod_key_)),
      latest_(client_, settings_.config_map_namespace, settings_.config_map_name) {}

Result<void> InKubeStore::write(const Record& record, std::stop_token stop) {
  if (record.is_ordered && settings_.orders_on_pod_only) {
    const auto patched = patch_pod(record, stop);
    return patched ? Result<void>() : patched.error();
  }
  std::vector<Error> problems;
  if (auto patched = patch_pod(record, stop); !patched) {
    if (ends_the_write(patched.error().code) && !concerns_this_object_only(patched.error().code))
      return patched.error();
    problems.push_back(patched.error());
  } else if (*patched == Patched::kNow) {
    if (auto turn = take_turn(stop); !turn) return turn;
  }
  if (auto found = find_workload(stop); !found) {
    if (ends_the_write(found.error().code)) return found;
    // The same cause as of the failed patch just above needs no second sentence.
    if (problems.empty() || problems.front().code != found.error().code)
      problems.push_back(found.error());
  }
  if (auto patched = patch_own_key(record, stop); !patched) {
    problems.push_back(patched.error());
    if (ends_the_write(patched.error().code) || shard_ == settings_.config_map_name)
      return combined(problems);
  }
  if (auto patched = patch_original_key(record, stop); !patched)
    problems.push_back(patched.error());
  if (auto advanced = advance_latest(record, stop); !advanced) problems.push_back(advanced.error());
  return combined(problems);
}

/// The API server answers, or is late with this one: a webhook for pods
/// that is down or hangs fails every patch of a pod and none of a ConfigMap.
bool InKubeStore::concerns_this_object_only(ErrorCode code) const {
  return code == ErrorCode::kTimeout ||
         (code == ErrorCode::kUnavailable && client_.last_status() != 0);
}

Result<Wanted> InKubeStore::read(std::stop_token stop) {
  if (auto found = find_workload(stop); !found) return found.error();
  auto root =
      client_.get_config_map(settings_.config_map_namespace, settings_.config_map_name, stop);
  if (!root) return root.error();
  latest_.note(*root);
  if (shard_ == settings_.config_map_name) note_own(*root);
  if (auto found = find_own(stop); !found) return found.error();

  auto ignored = own_ignored_;
  const auto parse = [&](std::string_view text) { return parse_latest(text, ignored); };
  Wanted wanted{*own_, read_key(*root, latest_key(*workload_), ignored, parse)};
  wanted.latest.merge(read_key(*root, original_key(settings_.pod_namespace, settings_.pod_name),
                               ignored, parse_original_entry));
  if (settings_.result_format == ResultFormat::kOriginal)
    wanted.latest.merge(original_files_of_siblings(*root, *workload_, settings_.pod_name, ignored));
  for (const auto* files : {&wanted.own, &wanted.latest})
    if (auto known = images_.check_known(*files, pod_); !known) {
      workload_.reset();  // so that the pod is asked for again
      return known.error();
    }
  return Wanted{of_this_image(std::move(wanted.own), pod_),
                of_this_image(std::move(wanted.latest), pod_), std::move(ignored)};
}

Result<InKubeStore::Patched> InKubeStore::patch_pod(const Record& record, std::stop_token stop) {
  const auto metadata = metadata_of(record, settings_);
  if (metadata.empty()) return Patched::kNothing;
  auto patch = to_text(nlohmann::json{{"metadata", metadata}});
  if (patch == patched_pod_) return Patched::kNothing;
  if (auto sent = send_patch(std::move(patch), stop); !sent) return sent.error();
  return Patched::kNow;
}

Result<void> InKubeStore::observe(const std::string& observed, std::stop_token stop) {
  return send_patch(to_text(nlohmann::json{{"metadata", metadata_of_observed(observed)}}), stop);
}

Result<void> InKubeStore::send_patch(std::string patch, std::stop_token stop) {
  const auto pod = client_.patch_pod(settings_.pod_namespace, settings_.pod_name, patch, stop);
  if (!pod) return about_pod(pod.error());
  patched_pod_ = std::move(patch);
  note_pod(*pod);  // the answer is the whole pod, and saves asking for it
  return {};
}

Result<void> InKubeStore::take_turn(std::stop_token stop) {
  // No sibling writes this pod: what its answer waited for is all
  // that ask at this moment, most likely those of our rollout.
  if (wait_for(stop, turn_within(client_.contention().max_turns(settings_.shards)))) return {};
  return fail(ErrorCode::kStopping, "stopped while others wrote their results");
}

Result<void> InKubeStore::find_workload(std::stop_token stop) {
  if (workload_) return {};
  const auto pod = client_.get_pod(settings_.pod_namespace, settings_.pod_name, stop);
  if (!pod) return about_pod(pod.error());
  note_pod(*pod);
  return {};
}

void InKubeStore::note_pod(const kube::Pod& pod) {
  pod_ = pod;
  workload_ = kube::workload_of(pod);
  if (workload_) latest_.use_key(latest_key(*workload_));
}

Result<void> InKubeStore::find_own(std::stop_token stop) {
  if (own_) return {};
  const auto shard = client_.get_config_map(settings_.config_map_namespace, shard_, stop);
  if (!shard) return shard.error();
  note_own(*shard);
  return {};
}

void InKubeStore::note_own(const kube::ConfigMap& shard) {
  if (own_) return;
  own_ignored_.clear();
  auto entry = read_key(shard, pod_key_, own_ignored_, parse_pod_entry);
  own_ = of_scope_pod(std::move(entry.files));
  own_ignored_.merge(entry.ignored);
}

Result<void> InKubeStore::patch_own_key(const Record& record, std::stop_token stop) {
  if (auto found = find_own(stop); !found) return found;
  // A path that was live since has an entry in the record.
  std::erase_if(*own_, [&](const auto& each) { return record.files.contains(each.first); });
  PodEntry entry{with_short_message(record.last), workload_ ? path_of(*workload_) : std::string(),
                 record.files};
  entry.files.insert(own_->begin(), own_->end());
  const auto text = format_pod_entry(entry);
  if (auto ok = check_room(pod_key_, text); !ok) return ok;
  const auto patch = to_text(nlohmann::json{{"data", {{pod_key_, text}}}});
  const auto map = client_.patch_config_map(settings_.config_map_namespace, shard_, patch, stop);
  if (!map) return explained(map.error(), shard_);
  if (shard_ == settings_.config_map_name) latest_.note(*map);
  return {};
}

Result<void> InKubeStore::patch_original_key(const Record& record, std::stop_token stop) {
  const auto* live = value_at(record.files, record.last.path);
  if (settings_.result_format == ResultFormat::kOwn || live == nullptr || live->url.empty())
    return {};
  const auto& name = settings_.config_map_name;
  const auto root = client_.get_config_map(settings_.config_map_namespace, name, stop);
  if (!root) return root.error();
  const auto key = original_key(settings_.pod_namespace, settings_.pod_name);
  const auto* held = value_at(root->data, key);
  const auto next = with_original_version(held == nullptr ? "" : *held, *live);
  if (!next)
    return next.error().because(Reason::kRecordUnreadable).in("ConfigMap " + name + ", key " + key);
  if (!*next) return {};
  if (auto fits = check_room(key, **next); !fits) return fits;
  const auto patch = to_text(nlohmann::json{{"data", {{key, **next}}}});
  const auto map = client_.patch_config_map(settings_.config_map_namespace, name, patch, stop);
  if (!map) return explained(map.error(), name);
  latest_.note(*map);
  return {};
}

Result<void> InKubeStore::advance_latest(const Record& record, std::stop_token stop) {
  if (!workload_ || record.latest.empty()) return {};
  const auto next_of = [&](std::string_view current) {
    return results::advance_latest(current, record.latest);
  };
  return change_latest(next_of, stop);
}

Result<void> InKubeStore::change_latest(const LatestKey::Next& next_of, std::stop_token stop) {
  auto changed = latest_.change(next_of, stop);
  if (!changed) return explained(changed.error(), settings_.config_map_name);
  return changed;
}

Result<std::set<std::string>> InKubeStore::forget(const std::optional<std::string>& path,
                                                  std::stop_token stop) {
  if (auto found = find_workload(stop); !found) return found.error();
  if (!workload_)
    return fail(ErrorCode::kInvalid, Reason::kNothingToForget,
                "there is no latest to forget: this pod belongs to no workload");
  latest_.read_again();  // what others have written since is to be forgotten as well
  std::set<std::string> forgotten;
  const auto next_of = [&](std::string_view current) {
    auto next = forget_latest(current, path, now());
    forgotten = std::move(next.paths);
    return forgotten.empty() ? std::nullopt : std::optional(std::move(next.text));
  };
  if (auto ok = change_latest(next_of, stop); !ok) return ok.error();
  if (!forgotten.empty()) return forgotten;
  return fail(ErrorCode::kNotFound, Reason::kNothingToForget,
              path ? "the workload's latest has no path '" + *path + "'"
                   : "the workload's latest has no path");
}

Result<void> InKubeStore::leave(std::stop_token stop) {
  if (!workload_ || !kube::has_random_name(*workload_, settings_.pod_name)) return {};
  const auto pod = client_.get_pod(settings_.pod_namespace, settings_.pod_name, stop);
  if (!pod && pod.error().code != ErrorCode::kNotFound) return pod.error();
  if (pod && !pod->is_being_deleted) return {};
  const auto patch = to_text(nlohmann::json{{"data", {{pod_key_, nullptr}}}});
  const auto map = client_.patch_config_map(settings_.config_map_namespace, shard_, patch, stop);
  return map || map.error().code == ErrorCode::kNotFound ? Result<void>() : map.error();
}

Error InKubeStore::about_pod(const Error& error) const {
  const bool is_missing = error.code == ErrorCode::kNotFound && !settings_.pod_cure.empty();
  return is_missing ? error.advise(settings_.pod_cure) : error;
}

Error InKubeStore::explained(const Error& error, const std::string& config_map) const {
  if (error.code != ErrorCode::kNoSpace) return error;
  return fail(error.code, error.reason, "ConfigMap ", settings_.config_map_namespace, "/",
              config_map, " is full (1 MiB): ", error.message);
}

}  // namespace okg::results
