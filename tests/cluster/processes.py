"""Programs that a test starts: logged, ended by their own id, gone when the test's process is gone."""

import ctypes
import os
import signal
import subprocess

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Program:
    """One child process in a session of its own. @source prctl(2), PR_SET_PDEATHSIG: it ends when the thread that started it
    ends, so start it from the main thread."""

    def __init__(self, name, argv, log, env=None):
        self.name, self.log = name, log
        parent = os.getpid()

        def tie_to_parent():
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

        with open(log, "ab") as output:
            self.process = subprocess.Popen([str(each) for each in argv], stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                                            env=env, start_new_session=True, preexec_fn=tie_to_parent)

    def assert_running(self):
        if self.process.poll() is not None:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
            raise RuntimeError(f"{self.name} ended with status {self.process.returncode}:\n{tail}")

    def stop(self, timeout=20.0):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
