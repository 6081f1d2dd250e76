#include "process/details.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "base/text.hpp"
#include "base/text/hex.hpp"
#include "process/mounts.hpp"

namespace okg::process {
namespace {

constexpr std::size_t kMaxStatusBytes = 64 * 1024;
constexpr std::size_t kMaxCgroupBytes = 64 * 1024;
constexpr std::size_t kContainerIdDigits = 64;

/// The value of "NAME:\tvalue"; empty when there is no such line.
std::string_view field(std::string_view text, std::string_view name) {
  const auto begin = "\n" + std::string(name) + ":";
  auto at = text.find(begin);
  if (at == std::string_view::npos) return {};
  at += begin.size();
  return text.substr(at, text.find('\n', at) - at);
}

std::uint64_t mask(std::string_view text, std::string_view name) {
  std::istringstream value{std::string(field(text, name))};
  std::uint64_t bits = 0;
  value >> std::hex >> bits;
  return bits;
}

bool has(std::uint64_t signals, int signal) {
  return signal > 0 && ((signals >> static_cast<unsigned>(signal - 1)) & 1U) != 0;
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return hex_value(c) >= 0; });
}

/// A UID as API objects have it: 8-4-4-4-12, or
/// 32 digits of a static pod. Empty: it is none.
std::string uid_of(std::string text) {
  std::ranges::replace(text, '_', '-');  // systemd takes '-' for a folder
  auto digits = text;
  std::erase(digits, '-');
  return digits.size() == 32 && is_hex(digits) ? text : std::string();
}

/// "kubepods-burstable-podUID.slice" and "podUID".
std::string pod_of_component(std::string component) {
  if (component.ends_with(".slice")) component.resize(component.size() - 6);
  const auto at = component.rfind("pod");
  const bool begins = at != std::string::npos && (at == 0 || component[at - 1] == '-');
  return begins ? uid_of(component.substr(at + 3)) : std::string();
}

/// "cri-containerd-ID.scope", "crio-ID", "ID".
std::string container_of_component(std::string component) {
  if (component.ends_with(".scope")) component.resize(component.size() - 6);
  const auto at = component.rfind('-');
  const auto id = at == std::string::npos ? component : component.substr(at + 1);
  return id.size() == kContainerIdDigits && is_hex(id) ? id : std::string();
}

std::vector<std::string> components(std::string_view path) {
  std::vector<std::string> all;
  while (!path.empty())
    if (const auto each = take_until(path, "/"); !each.empty()) all.emplace_back(each);
  return all;
}

/// How many folders above the root of the reader's cgroup namespace a path begins.
std::size_t levels_up(std::string_view path) {
  const auto all = components(path);
  const auto first = std::ranges::find_if(all, [](const auto& e) { return e != ".."; });
  return static_cast<std::size_t>(first - all.begin());
}

/// The place by the cgroup path alone; nothing when that does not tell.
std::optional<Place> place_by_cgroup(const Details& process, const Details& self) {
  if (!self.pod.empty() && !process.pod.empty())
    return process.pod == self.pod ? Place::kSamePod : Place::kOtherPod;
  if (!process.pod.empty()) return Place::kOtherPod;
  if (process.cgroup == self.cgroup) return std::nullopt;
  // With a cgroup namespace, ours is "/", a sibling
  // container "/../NAME", and all else farther up.
  if (const auto up = levels_up(process.cgroup); up > 0)
    return up == 1 || !process.container_id.empty() ? Place::kSamePod : Place::kNode;
  const bool names_the_pod = self.cgroup.find("pod" + self.pod.substr(0, 8)) != std::string::npos;
  if (!self.pod.empty() && names_the_pod && !process.cgroup.empty()) return Place::kNode;
  return std::nullopt;
}

}  // namespace

void take_status(Details& details, std::string_view status) {
  uid_t user = 0;
  if (std::istringstream(std::string(field(status, "Uid"))) >> user) details.user = user;
  details.caught = mask(status, "SigCgt");
  details.ignored = mask(status, "SigIgn");
  details.blocked = mask(status, "SigBlk");
  details.pending = mask(status, "ShdPnd");
  std::istringstream pids{std::string(field(status, "NSpid"))};
  unsigned count = 0;
  for (pid_t pid = 0; pids >> pid;) ++count;
  details.pid_namespaces = std::max(1U, count);
}

void take_cgroup(Details& details, std::string_view cgroup) {
  std::istringstream lines{std::string(cgroup)};
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':', line.find(':') + 1);
    if (colon == std::string::npos) continue;
    auto path = line.substr(colon + 1);
    std::string pod;
    std::string id;
    for (const auto& each : components(path)) {
      if (auto found = pod_of_component(each); !found.empty()) pod = std::move(found);
      if (auto found = container_of_component(each); !found.empty()) id = std::move(found);
    }
    const bool says_more = details.pod.empty() && !pod.empty();
    // Version 2 has the hierarchy 0; of version 1, any that names a pod does.
    if (!says_more && !(line.starts_with("0::") && details.pod.empty())) continue;
    details.cgroup = std::move(path);
    details.pod = std::move(pod);
    details.container_id = std::move(id);
  }
}

void take_mountinfo(Details& details, std::string_view mountinfo) {
  for (const auto& mount : parse_mounts(mountinfo)) {
    if (mount.point == "/") details.mount_namespace = mount.id;
    const auto path = components(mount.root);
    for (std::size_t i = 0; i + 2 < path.size(); ++i) {
      if (path[i] != "pods") continue;
      auto uid = uid_of(path[i + 1]);
      if (uid.empty()) continue;
      const bool is_its_own = path[i + 2] == "containers" && i + 3 < path.size();
      if (is_its_own) details.container = path[i + 3];
      if (is_its_own || details.pod.empty()) details.pod = std::move(uid);
    }
  }
}

Details read_details(const Process& process, const std::filesystem::path& proc) {
  const auto folder = folder_of(process, proc);
  const auto read = [&](const char* name, std::size_t max_bytes) {
    return read_proc_head((folder / name).string(), max_bytes);
  };
  Details details;
  take_status(details, read("status", kMaxStatusBytes));
  take_cgroup(details, read("cgroup", kMaxCgroupBytes));
  take_mountinfo(details, read("mountinfo", kMaxMountinfoBytes));
  return details;
}

Disposition disposition_of(const Details& details, int signal) {
  if (has(details.caught, signal)) return Disposition::kCaught;
  if (has(details.ignored, signal)) return Disposition::kIgnored;
  if (has(details.blocked, signal)) return Disposition::kBlocked;
  return Disposition::kDefault;
}

bool is_pending(const Details& details, int signal) { return has(details.pending, signal); }

Place place_of(const Details& process, const Details& self) {
  if (const auto place = place_by_cgroup(process, self)) return *place;
  return process.pid_namespaces > self.pid_namespaces ? Place::kOtherPod : Place::kSamePod;
}

}  // namespace okg::process
