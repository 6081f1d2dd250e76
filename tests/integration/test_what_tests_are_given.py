"""What the tests of every group are given: nothing of the shell that started pytest, and an end."""

import os
import pathlib
import signal
import subprocess
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
HANGS = """
import threading, time, pytest

@pytest.mark.ends_after(1)
def test_waits():
    threading.Event().wait()

@pytest.fixture
def slow():
    yield
    threading.Event().wait()

@pytest.mark.ends_after(1)
def test_waits_at_its_end(slow):
    pass

def test_behind_them():
    pass
"""
GOES_ON = """
import time, pytest

@pytest.mark.ends_after(1, grace=1)
def test_goes_on():
    while True:
        try:
            time.sleep(100)
        except BaseException:
            pass
"""
INHERITED = """
import os, signal, subprocess, time

def test_umask():
    assert os.umask(0o022) == 0o022

def test_time_zone():
    assert time.strftime("%z") == "+0000"

def test_locale():
    assert os.environ["LC_ALL"] == "C.UTF-8"

def test_no_signal_is_blocked():
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, [])

def test_no_signal_is_ignored():
    told = subprocess.run(["grep", "SigIgn", "/proc/self/status"], capture_output=True, text=True).stdout
    assert int(told.split()[1], 16) == 0

def test_standard_input_is_empty():
    done = subprocess.run(["cat"], capture_output=True, timeout=10)
    assert (done.stdout, done.stderr) == (b"", b"")
"""
EACH_WAY = pytest.mark.parametrize("way", [[], ["-s"], ["--numprocesses=1"]], ids=["plain", "uncaptured", "xdist"])


def run(folder, text, *arguments, **more):
    """pytest with the conftest.py of all groups, on one file."""
    (folder / "test_it.py").write_text(text)
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_") and name != "OKG_SHARE"}
    env = {**own, "PYTHONPATH": str(TESTS), **more.pop("env", {})}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider", *arguments, folder / "test_it.py"]
    return subprocess.run(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=100, **more)


@EACH_WAY
def test_one_that_waits_for_ever_fails_by_name_and_the_next_one_runs(tmp_path, way):
    done = run(tmp_path, HANGS, *way)
    assert "FAILED test_it.py::test_waits - Failed: hung, and was ended after 1 s" in done.stdout, done.stdout
    assert "ERROR test_it.py::test_waits_at_its_end - Failed: hung" in done.stdout, done.stdout
    assert "1 failed, 2 passed, 1 error" in done.stdout, done.stdout


@EACH_WAY
def test_one_that_cannot_be_interrupted_is_named_and_ends_pytest(tmp_path, way):
    done = run(tmp_path, GOES_ON, *way)
    assert done.returncode != 0
    assert "test_it.py::test_goes_on" in done.stdout, done.stdout
    assert "in test_goes_on" in done.stdout, done.stdout


def hand_down():
    """As a shell without job control does, and worse."""
    os.umask(0o077)
    for each in (signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1, signal.SIGRTMIN):
        signal.signal(each, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGTERM, signal.SIGUSR2})


@EACH_WAY
@pytest.mark.parametrize("stdin", ["closed", "endless"])
def test_nothing_of_the_shell_reaches_a_test(tmp_path, stdin, way):
    reading, writing = os.pipe()
    env = {"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"}
    try:
        done = run(tmp_path, INHERITED, *way, env=env, stdin=reading,
                   preexec_fn=lambda: (hand_down(), stdin == "closed" and os.close(0)))
    finally:
        os.close(reading)
        os.close(writing)
    assert "6 passed" in done.stdout, done.stdout
