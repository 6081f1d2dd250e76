// The facts by which a process may be the game:
// its user, pod, container, and its signals.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "process/process_table.hpp"

namespace okg::process {

/// All of it is readable for every visible process,
/// whoever runs it. What cannot be read is empty.
struct Details {
  std::optional<uid_t> user;  ///< the real user; nothing when the process is gone
  std::uint64_t caught = 0;   ///< bit N-1 is signal N
  std::uint64_t ignored = 0;
  std::uint64_t blocked = 0;
  std::uint64_t pending = 0;    ///< sent to the process, and taken by no thread yet
  unsigned pid_namespaces = 1;  ///< 1: the reader's own; more: nested ones, like another pod's
  std::string cgroup;           ///< "/kubepods/…", as the reader's cgroup namespace shows it
  std::string pod;              ///< the pod's UID
  std::string container;        ///< its name in the pod's manifest
  std::string container_id;     ///< 64 hexadecimal digits
  /// The id of the root mount: the same for all processes of one container.
  std::optional<std::uint64_t> mount_namespace;
};

/// @source proc(5): status, cgroup, mountinfo
[[nodiscard]] Details read_details(const Process& process,
                                   const std::filesystem::path& proc = "/proc");

/// The parts of it, from the text of the files.
void take_status(Details& details, std::string_view status);
void take_cgroup(Details& details, std::string_view cgroup);
/// Kubelet mounts folders of "…/pods/UID/containers/NAME/…"
/// and files of "…/pods/UID/…" into each container. @source
/// pkg/kubelet/kubelet_getters.go, getPodContainerDir
void take_mountinfo(Details& details, std::string_view mountinfo);

/// The reaction of a process to a signal.
enum class Disposition {
  /// A handler runs; also while the signal is blocked.
  kCaught,
  /// Nothing happens.
  kIgnored,
  /// Held back, as programs do that read it by signalfd.
  kBlocked,
  /// The default of signal(7). Also of a thread inside
  /// sigwait(3): the kernel unblocks what it waits for.
  /// @source do_sigtimedwait in the kernel's signal.c
  kDefault,
};
[[nodiscard]] Disposition disposition_of(const Details& details, int signal);
[[nodiscard]] bool is_pending(const Details& details, int signal);

/// Where a process runs, seen from another.
enum class Place {
  /// In the same pod, or on the same machine where there are no pods.
  kSamePod,
  /// In another pod, or in a container of its own.
  kOtherPod,
  /// On the node, outside of every pod.
  kNode,
};
[[nodiscard]] Place place_of(const Details& process, const Details& self);

}  // namespace okg::process
