// The tests' main: nothing that a shell hands down, only errors in the log, and an end to every
// test.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string_view>

#include "base/log.hpp"
#include "inherited.hpp"

namespace {

/// Seconds. The slowest test takes two; under a sanitizer on a busy machine, some tens.
constexpr unsigned kMaxTestSeconds = 120;

// Read by the signal handler: no test may own what it reads.
std::array<char, 256> running_test{};

void end_hanging_test(int /*signal*/) {
  constexpr std::string_view kSays = "this test hung and was ended: ";
  const std::string_view name(running_test.data());
  if (::write(STDERR_FILENO, kSays.data(), kSays.size()) < 0 ||
      ::write(STDERR_FILENO, name.data(), name.size()) < 0 || ::write(STDERR_FILENO, "\n", 1) < 0)
    ::_exit(2);
  ::_exit(1);
}

/// Ends the process with the test's name when a test waits for what never comes.
class EndsHangingTests final : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo& test) override {
    std::snprintf(running_test.data(), running_test.size(), "%s.%s", test.test_suite_name(),
                  test.name());
    ::signal(SIGALRM, end_hanging_test);
    ::alarm(kMaxTestSeconds);
  }
  void OnTestEnd(const testing::TestInfo& /*test*/) override { ::alarm(0); }
};

}  // namespace

int main(int argc, char** argv) {
  okg::drop_what_was_inherited();
  okg::log::configure(okg::log::Format::kText, okg::log::Level::kError);
  testing::InitGoogleTest(&argc, argv);
  testing::UnitTest::GetInstance()->listeners().Append(new EndsHangingTests);
  return RUN_ALL_TESTS();
}
