"""What another process of the sidecar's own user can learn from it: in a shared process namespace the game may be one."""

import os
import pathlib
import re
import subprocess

import pytest
from unprivileged import AS_USER, USER, start_as_user

# Prints what can be opened of the process, one name a line.
SPY = """
import ctypes, os, sys
proc = "/proc/" + sys.argv[1]
def read(name):
    with open(f"{proc}/{name}", "rb") as file:
        return name == "mem" or file.read(1)
for name in ("environ", "mem", "maps", "auxv", "io"):
    try:
        read(name)
        print(name)
    except OSError:
        pass
for name in ("root", "fd", "cwd", "task/" + sys.argv[1] + "/fd"):
    try:
        os.listdir(f"{proc}/{name}")
        print(name)
    except OSError:
        pass
PTRACE_ATTACH = 16
if ctypes.CDLL(None).ptrace(PTRACE_ATTACH, int(sys.argv[1]), 0, 0) == 0:
    print("ptrace")
"""


def as_the_same_user(pid):
    done = subprocess.run([*AS_USER, "/usr/bin/python3", "-c", SPY, str(pid)], stdout=subprocess.PIPE, text=True, check=True)
    return set(done.stdout.split())


@pytest.fixture
def sidecar(tmp_path, things):
    shared = tmp_path / "shared"
    shared.mkdir()
    os.chown(shared, USER, USER)
    config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": {"type": "Local"}}
    things.append(start_as_user(tmp_path, config))
    return things[-1]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_a_process_of_the_same_user_reads_no_memory_environment_or_root(sidecar):
    control = subprocess.Popen([*AS_USER, "/usr/bin/sleep", "60"])
    try:
        # What is shown of a process that does nothing about it; ptrace may be closed to all by yama.
        assert {"environ", "mem", "maps", "root", "fd", "cwd"} <= as_the_same_user(control.pid)
    finally:
        control.kill()
        control.wait()
    assert as_the_same_user(sidecar.process.pid) == set()


def may_trace():
    """Whether we have CAP_SYS_PTRACE."""
    effective = re.search(r"^CapEff:\s*(\w+)$", pathlib.Path("/proc/self/status").read_text(), re.M).group(1)
    return bool(int(effective, 16) >> 19 & 1)


@pytest.mark.skipif(os.geteuid() != 0 or not may_trace(), reason="needs root with SYS_PTRACE")
def test_root_with_sys_ptrace_reads_everything(sidecar):
    """What no process can keep from it."""
    proc = pathlib.Path(f"/proc/{sidecar.process.pid}")
    assert b"PATH=" in (proc / "environ").read_bytes()
    assert "stack" in (proc / "maps").read_text()
    assert (proc / "root/etc/passwd").read_bytes()
    with open(proc / "mem", "rb") as memory:
        assert memory.readable()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_it_still_knows_its_own_memory_and_descriptors(sidecar):
    assert pathlib.Path(f"/proc/{sidecar.process.pid}/environ").stat().st_uid == 0  # not dumpable
    found = re.search(r"^process_open_fds (\d+)$", sidecar.get("/metrics").body.decode(), re.M)
    assert int(found.group(1)) > 5
