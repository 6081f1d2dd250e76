#include "sidecar/supervisor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <string>
#include <thread>

namespace okg::sidecar {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// What the plugins of one test did, in order.
class Diary {
 public:
  void note(const std::string& what) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(what);
    changed_.notify_all();
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return notes_.size() >= count; }));
  }
  std::vector<std::string> notes() {
    const std::lock_guard lock(mutex_);
    return notes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> notes_;
};

/// A second kind of plugin: it greets, and ends as often as it is told to, by failing or well.
class Greeter final : public Plugin {
 public:
  Greeter(std::string name, Diary& diary, int failing_starts = 0, int ending_later = 0,
          bool ends_well = false)
      : name_(std::move(name)),
        diary_(diary),
        failing_starts_(failing_starts),
        ending_later_(ending_later),
        ends_well_(ends_well) {}
  std::string_view name() const override { return name_; }
  std::string_view version() const override { return "7"; }
  Result<void> init(Host&) override { return {}; }
  Result<void> start(std::function<void(Result<void>)> ended) override {
    diary_.note("start " + name_);
    if (failing_starts_-- > 0) return fail(ErrorCode::kInternal, "no voice");
    if (ending_later_-- > 0)
      later_ = std::thread([ended = std::move(ended), well = ends_well_] {
        ended(well ? Result<void>() : Result<void>(fail(ErrorCode::kInternal, "lost its voice")));
      });
    return {};
  }
  void stop(milliseconds) override {
    if (later_.joinable()) later_.join();
    diary_.note("stop " + name_);
  }
  PluginStatus status() const override { return {true, ""}; }

 private:
  std::string name_;
  Diary& diary_;
  int failing_starts_;
  int ending_later_;
  bool ends_well_;
  std::thread later_;
};

/// Standard error is a pipe that is full.
class FullLog {
 public:
  FullLog() : before_(::dup(STDERR_FILENO)) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
    reader_.reset(ends[0]);
    const unique_fd writer(ends[1]);
    const std::string bytes(4096, '.');
    while (::write(writer.get(), bytes.data(), bytes.size()) > 0) {
    }
    ::dup2(writer.get(), STDERR_FILENO);
  }
  FullLog(const FullLog&) = delete;
  FullLog& operator=(const FullLog&) = delete;
  ~FullLog() { ::dup2(before_.get(), STDERR_FILENO); }
  /// Somebody reads it after all.
  void drain() const {
    std::array<char, 4096> bytes{};
    while (::read(reader_.get(), bytes.data(), bytes.size()) > 0) {
    }
  }

 private:
  unique_fd before_;
  unique_fd reader_;
};

class SupervisorTest : public testing::Test {
 protected:
  SupervisorTest() : stop_(::eventfd(0, 0)) {}
  static constexpr Supervisor::Delays kShort{milliseconds(1), milliseconds(4),
                                             milliseconds(60'000)};

  void run(Supervisor& supervisor, std::size_t notes_before_stop) {
    std::thread runner([&] { EXPECT_TRUE(supervisor.run(stop_.get(), [] { return true; })); });
    diary_.wait_for(notes_before_stop);
    const std::uint64_t one = 1;
    EXPECT_EQ(::write(stop_.get(), &one, sizeof one), 8);
    runner.join();
    supervisor.stop(milliseconds(1000));
  }
  unique_fd stop_;
  Diary diary_;
};

TEST_F(SupervisorTest, starts_in_order_and_stops_in_reverse) {
  Greeter a("a", diary_);
  Greeter b("b", diary_);
  Supervisor supervisor({&a, &b}, config::RestartPolicy::kAlways, kShort);
  EXPECT_FALSE(supervisor.status().ready);
  run(supervisor, 2);
  EXPECT_EQ(diary_.notes(), (std::vector<std::string>{"start a", "start b", "stop b", "stop a"}));
  EXPECT_NE(supervisor.status().message.find("stopped"), std::string::npos);
}

TEST_F(SupervisorTest, starts_a_plugin_again_that_could_not_start_or_failed_later) {
  Greeter a("a", diary_, 2, 1);
  Supervisor supervisor({&a}, config::RestartPolicy::kOnFailure, kShort);
  run(supervisor, 7);
  EXPECT_EQ(diary_.notes(), (std::vector<std::string>{"start a", "stop a", "start a", "stop a",
                                                      "start a", "stop a", "start a", "stop a"}));
}

TEST_F(SupervisorTest, leaves_a_failed_plugin_alone_when_told_never) {
  Greeter a("a", diary_, 1);
  Greeter b("b", diary_);
  Supervisor supervisor({&a, &b}, config::RestartPolicy::kNever, kShort);
  run(supervisor, 3);
  EXPECT_EQ(diary_.notes(), (std::vector<std::string>{"start a", "stop a", "start b", "stop b"}));
  EXPECT_NE(supervisor.status().message.find("a: no voice"), std::string::npos);
}

TEST_F(SupervisorTest, starts_a_plugin_again_that_ended_well_when_told_always) {
  Greeter a("a", diary_, 0, 1, true);
  Supervisor supervisor({&a}, config::RestartPolicy::kAlways, kShort);
  run(supervisor, 3);
  EXPECT_EQ(diary_.notes(), (std::vector<std::string>{"start a", "stop a", "start a", "stop a"}));
}

TEST_F(SupervisorTest, leaves_a_plugin_alone_that_ended_well_when_told_on_failure) {
  Greeter a("a", diary_, 0, 1, true);
  Greeter b("b", diary_, 2);
  Supervisor supervisor({&a, &b}, config::RestartPolicy::kOnFailure, kShort);
  run(supervisor, 7);  // by the third start of b, a would have been started again
  const auto notes = diary_.notes();
  EXPECT_EQ(std::count(notes.begin(), notes.end(), "start a"), 1);
}

/// It fails to start, and the next start takes as long as the test wants.
class SlowStarter final : public Plugin {
 public:
  std::string_view name() const override { return "slow"; }
  std::string_view version() const override { return "7"; }
  Result<void> init(Host&) override { return {}; }
  Result<void> start(std::function<void(Result<void>)>) override {
    if (starts_++ == 0) return fail(ErrorCode::kInternal, "no voice");
    starting.count_down();
    go.wait();
    return {};
  }
  void stop(milliseconds) override {}
  PluginStatus status() const override { return {true, ""}; }

  std::latch starting{1};
  std::latch go{1};

 private:
  int starts_ = 0;
};

TEST_F(SupervisorTest, says_why_the_last_start_failed_until_the_next_has_succeeded) {
  SlowStarter slow;
  Supervisor supervisor({&slow}, config::RestartPolicy::kAlways, kShort);
  std::thread runner([&] { EXPECT_TRUE(supervisor.run(stop_.get(), [] { return true; })); });
  slow.starting.wait();
  EXPECT_EQ(supervisor.status().message, "slow: no voice");
  EXPECT_FALSE(supervisor.figures().at(0).is_running);
  const std::uint64_t one = 1;
  EXPECT_EQ(::write(stop_.get(), &one, sizeof one), 8);
  slow.go.count_down();
  runner.join();
  EXPECT_TRUE(supervisor.status().ready);
  supervisor.stop(milliseconds(1000));
}

TEST_F(SupervisorTest, tells_its_status_while_nobody_reads_the_log) {
  const FullLog log;
  Greeter a("a", diary_, 1);
  Supervisor supervisor({&a}, config::RestartPolicy::kNever, kShort);
  std::jthread reader([&] {
    diary_.wait_for(2);  // it has failed, and a line about it is on its way
    for (bool failed = false; !failed;) {
      const auto begun = Clock::now();
      failed = supervisor.status().message.find("no voice") != std::string::npos;
      EXPECT_LT(Clock::now() - begun, milliseconds(500));
    }
    log.drain();
  });
  run(supervisor, 2);
}

}  // namespace
}  // namespace okg::sidecar
