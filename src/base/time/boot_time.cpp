#include "base/time/boot_time.hpp"

#include <ctime>

#include "base/io/file.hpp"

namespace okg {
namespace {

constexpr auto kBootIdFile = "/proc/sys/kernel/random/boot_id";
constexpr std::size_t kMaxBootIdBytes = 64;

/// Without its newline. gVisor has none.
std::string boot_id() {
  auto text = read_file(kBootIdFile, kMaxBootIdBytes);
  if (!text) return {};
  return text->substr(0, text->find('\n'));
}

}  // namespace

BootTime BootClock::now() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  const auto since = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  return BootTime(std::chrono::floor<duration>(since));
}

Moment this_moment() { return {now(), BootClock::now(), boot_id()}; }

}  // namespace okg
