#include "results/in_kube/until_image.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace okg::results {
namespace {

/// A pod's status may lag behind its containers for so long.
constexpr std::chrono::seconds kStatusDelay{10};

bool is(const Entry& entry, const kube::Pod& pod, kube::RunsImage runs) {
  return !entry.until.empty() && kube::runs_image(pod, entry.until) == runs;
}

}  // namespace

Entries of_this_image(Entries files, const kube::Pod& pod) {
  std::erase_if(files, [&](const auto& each) {
    const auto& [path, entry] = each;
    if (!is(entry, pod, kube::RunsImage::kYes)) return false;
    log::info("not restored: this pod runs the image until which the version is the latest",
              {{"path", path}, {"version", entry.version}, {"image", entry.until}});
    return true;
  });
  return files;
}

Result<void> UntilImages::check_known(const Entries& files, const kube::Pod& pod) {
  const auto undecided = std::find_if(files.begin(), files.end(), [&](const auto& each) {
    return is(each.second, pod, kube::RunsImage::kUnknown);
  });
  if (undecided == files.end()) return {};
  const auto& [path, entry] = *undecided;
  if (!asked_since_) asked_since_ = time_();
  if (pod.waits_for_sidecars && time_() - *asked_since_ > kStatusDelay) {
    log::warn(
        "restored although this pod may run the image until which the version is the latest: its "
        "digest is not known before the game starts; name the image as the pod's spec does",
        {{"path", path}, {"version", entry.version}, {"image", entry.until}});
    return {};
  }
  return fail(ErrorCode::kUnavailable, Reason::kRestoring,
              "the pod's status does not say yet which image each container runs, and " + path +
                  " counts until " + entry.until + "; it is asked again");
}

}  // namespace okg::results
