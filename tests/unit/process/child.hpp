// A real process of the tests' own, ready when the constructor returns and ended by the destructor.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/io/unique_fd.hpp"

namespace okg::process {

class Child {
 public:
  /// Forks, runs `prepare` in the child, which then waits for signals. Only async-signal-safe calls
  /// belong in `prepare`.
  template <class Prepare>
  explicit Child(Prepare prepare) {
    start([&](int ready) {
      prepare();
      if (::write(ready, "", 1) != 1) ::_exit(126);
      for (;;) ::pause();
    });
  }
  /// Forks and executes a program.
  static Child program(std::vector<const char*> arguments) {
    arguments.push_back(nullptr);
    Child child;
    // The pipe is closed by the exec, which is when the command line is the program's.
    child.start([&](int) { ::execv(arguments[0], const_cast<char* const*>(arguments.data())); });
    return child;
  }
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// The status that waitpid(2) gives; the process is reaped.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return status;
  }
  void end_and_leave_as_zombie() {
    ::kill(pid_, SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  }

 private:
  Child() = default;

  template <class Run>
  void start(Run run) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    unique_fd reads(ends[0]);
    unique_fd writes(ends[1]);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      // Whatever started the tests (nohup, a CI runner) may ignore signals, and children inherit
      // it.
      for (int signal = 1; signal <= SIGRTMAX; ++signal) ::signal(signal, SIG_DFL);
      run(writes.get());
      ::_exit(127);
    }
    writes.reset();
    char byte = 0;
    // One byte, or the end of the pipe.
    if (pid_ < 0 || ::read(reads.get(), &byte, 1) < 0) throw std::runtime_error("fork");
  }

  pid_t pid_ = -1;
};

}  // namespace okg::process
