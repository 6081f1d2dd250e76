#include "process/details.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "child.hpp"

namespace okg::process {
namespace {

constexpr std::string_view kPod = "0f5dd7a1-6ee3-4ee6-8b2f-0d8a4b6a9f11";
constexpr std::string_view kOther = "99999999-6ee3-4ee6-8b2f-0d8a4b6a9f11";
const std::string kId(64, 'a');

void nothing(int) {}

Details from_cgroup(const std::string& text) {
  Details details;
  take_cgroup(details, text);
  return details;
}

Details from_mountinfo(const std::string& text) {
  Details details;
  take_mountinfo(details, text);
  return details;
}

std::string systemd_pod(std::string uid) {
  std::replace(uid.begin(), uid.end(), '-', '_');
  return "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + uid + ".slice";
}

TEST(Details, tell_caught_ignored_blocked_and_default_apart) {
  const Child child([] {
    ::signal(SIGHUP, nothing);
    ::signal(SIGUSR1, SIG_IGN);
    ::signal(SIGRTMAX, nothing);
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR2);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
  });
  const auto details = read_details(*read_process(child.pid()));
  EXPECT_EQ(disposition_of(details, SIGHUP), Disposition::kCaught);
  EXPECT_EQ(disposition_of(details, SIGRTMAX), Disposition::kCaught);
  EXPECT_EQ(disposition_of(details, SIGUSR1), Disposition::kIgnored);
  EXPECT_EQ(disposition_of(details, SIGUSR2), Disposition::kBlocked);
  EXPECT_EQ(disposition_of(details, SIGALRM), Disposition::kDefault);
}

TEST(Details, name_the_user_of_a_process_that_is_not_dumpable) {
  const Child child([] { ::prctl(PR_SET_DUMPABLE, 0); });
  const auto details = read_details(*read_process(child.pid()));
  EXPECT_EQ(details.user, ::getuid());
  EXPECT_TRUE(details.mount_namespace);
}

TEST(Details, are_empty_for_a_process_that_is_gone) {
  Process process;
  process.pid = process.thread = 42;
  const auto details = read_details(process, testing::TempDir());
  EXPECT_FALSE(details.user);
  EXPECT_FALSE(details.mount_namespace);
}

TEST(Details, count_the_process_namespaces_below_the_readers) {
  Details details;
  take_status(details, "Name:\tgame\nUid:\t1000\t1001\t1002\t1003\nNSpid:\t4711\t7\n");
  EXPECT_EQ(details.pid_namespaces, 2U);
  EXPECT_EQ(details.user, 1000U);
}

TEST(Details, read_pod_and_container_from_a_cgroup_path_of_either_driver) {
  for (const auto& path : {systemd_pod(std::string(kPod)) + "/cri-containerd-" + kId + ".scope",
                           "/kubepods/burstable/pod" + std::string(kPod) + "/" + kId}) {
    const auto details = from_cgroup("12:pids:" + path + "\n0::" + path + "\n");
    EXPECT_EQ(details.pod, kPod) << path;
    EXPECT_EQ(details.container_id, kId) << path;
  }
}

TEST(Details, prefer_the_hierarchy_that_names_a_pod) {
  const auto path = "/kubepods/pod" + std::string(kPod) + "/" + kId;
  const auto details = from_cgroup("9:name=systemd:/x\n4:memory:" + path + "\n0::/\n");
  EXPECT_EQ(details.cgroup, path);
}

TEST(Details, read_the_containers_name_from_what_kubelet_mounts) {
  const auto details = from_mountinfo(
      "700 600 0:50 / / rw - overlay overlay rw\n"
      "710 700 8:1 /var/lib/kubelet/pods/" +
      std::string(kPod) + "/containers/game/1b2c /dev/termination-log rw - ext4 /dev/sda1 rw\n");
  EXPECT_EQ(details.container, "game");
  EXPECT_EQ(details.pod, kPod);
  EXPECT_EQ(details.mount_namespace, 700U);
}

TEST(Details, are_not_misled_by_folders_of_other_pods_that_a_container_mounts) {
  const auto details = from_mountinfo(
      "1 0 8:1 /pods/" + std::string(kPod) + "/containers/agent/1b2c /dev/termination-log rw\n" +
      "2 0 8:1 /pods/" + std::string(kOther) + "/volumes/x /mnt rw\n");
  EXPECT_EQ(details.pod, kPod);
}

Details in_cgroup(std::string path) { return from_cgroup("0::" + path + "\n"); }

TEST(PlaceOf, knows_this_pod_and_another_by_their_uid) {
  const auto self = in_cgroup(systemd_pod(std::string(kPod)) + "/cri-containerd-" + kId + ".scope");
  EXPECT_EQ(place_of(in_cgroup(systemd_pod(std::string(kPod)) + "/crio-x.scope"), self),
            Place::kSamePod);
  EXPECT_EQ(place_of(in_cgroup(systemd_pod(std::string(kOther)) + "/crio-x.scope"), self),
            Place::kOtherPod);
  EXPECT_EQ(place_of(in_cgroup("/system.slice/sshd.service"), self), Place::kNode);
}

TEST(PlaceOf, takes_what_cannot_be_read_for_this_pod) {
  const auto self = in_cgroup(systemd_pod(std::string(kPod)) + "/cri-containerd-" + kId + ".scope");
  EXPECT_EQ(place_of({}, self), Place::kSamePod);
}

TEST(PlaceOf, knows_a_sibling_in_a_cgroup_namespace) {
  const auto self = in_cgroup("/");
  EXPECT_EQ(place_of(in_cgroup("/../cri-containerd-" + kId + ".scope"), self), Place::kSamePod);
  EXPECT_EQ(place_of(in_cgroup("/../../crio-" + kId + ".scope/container"), self), Place::kSamePod);
  EXPECT_EQ(place_of(in_cgroup("/../../.." + systemd_pod(std::string(kOther)) + "/x.scope"), self),
            Place::kOtherPod);
  EXPECT_EQ(place_of(in_cgroup("/../../../init.scope"), self), Place::kNode);
}

TEST(PlaceOf, asks_the_process_namespace_where_cgroups_are_all_the_same) {
  auto nested = in_cgroup("/");
  nested.pid_namespaces = 2;
  EXPECT_EQ(place_of(nested, in_cgroup("/")), Place::kOtherPod);
  EXPECT_EQ(place_of(in_cgroup("/"), in_cgroup("/")), Place::kSamePod);
}

TEST(PlaceOf, keeps_a_sandbox_inside_the_pod) {
  auto sandboxed = in_cgroup("/../cri-containerd-" + kId + ".scope");
  sandboxed.pid_namespaces = 2;
  EXPECT_EQ(place_of(sandboxed, in_cgroup("/")), Place::kSamePod);
}

}  // namespace
}  // namespace okg::process
