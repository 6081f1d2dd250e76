#include "plugins/hot_update/orders/folder_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace okg::hot_update {
namespace {

/// A file that is written in place is whole when
/// it is closed; symlinks are made and renamed.
constexpr std::uint32_t kChanges = IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE |
                                   IN_CREATE | IN_DELETE_SELF | IN_ONLYDIR;

}  // namespace

FolderWatch::~FolderWatch() { stop(); }

Result<void> FolderWatch::open(const std::set<std::filesystem::path>& folders) {
  inotify_ = unique_fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!inotify_)
    return errno_error("watch the order", errno)
        .advise("the node's sysctl fs.inotify.max_user_instances bounds how many there are");
  for (const auto& folder : folders)
    if (::inotify_add_watch(inotify_.get(), folder.c_str(), kChanges) < 0)
      return errno_error("watch " + folder.string(), errno);
  wake_ = unique_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_) return errno_error("eventfd", errno);
  return {};
}

void FolderWatch::start(std::function<void()> on_change) {
  on_change_ = std::move(on_change);
  thread_ = std::thread([this] { run(); });
}

void FolderWatch::stop() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  if (::write(wake_.get(), &one, sizeof one) < 0) std::abort();  // an eventfd takes 2^64-2 of these
  thread_.join();
}

/// Takes all events that are there. What they say
/// is of no interest: the files are read again.
bool FolderWatch::take_events() const {
  alignas(inotify_event) std::array<char, 4096> buffer{};
  bool any = false;
  while (::read(inotify_.get(), buffer.data(), buffer.size()) > 0) any = true;
  return any;
}

void FolderWatch::run() const {
  for (;;) {
    std::array<pollfd, 2> watched{pollfd{wake_.get(), POLLIN, 0},
                                  pollfd{inotify_.get(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) std::abort();
    if (watched[0].revents != 0) return;
    if (take_events()) on_change_();
  }
}

}  // namespace okg::hot_update
