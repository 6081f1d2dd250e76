"""An end for every test, in seconds for each of its setup, call and teardown: it fails by name, with the stacks of all threads,
and the tests behind it run. A test that goes on nevertheless takes its pytest with it, or its worker.

@pytest.mark.ends_after(SECONDS) is for what takes longer."""

import contextlib
import faulthandler
import os
import signal

import pytest

# The slowest test takes a minute; where nothing is left out, as many times longer as fewer steps are tried otherwise.
MAX_SECONDS = 1800 if os.environ.get("FULL") else 240
MAX_SETUP_SECONDS = 900  # the first test's makes what all of a session use
GRACE_SECONDS = 60  # in which what the test began is ended


def pytest_configure(config):
    config.addinivalue_line("markers", "ends_after(seconds, grace=60): fails after that time, and ends pytest when that does not help")
    global stderr
    stderr = os.dup(2)  # nothing captures it


@contextlib.contextmanager
def ended(item, seconds=MAX_SECONDS, grace=GRACE_SECONDS):
    mark = item.get_closest_marker("ends_after")
    if mark:
        seconds, grace = mark.args[0], mark.kwargs.get("grace", grace)

    def end(*_):
        os.write(stderr, f"\nthis test hung and is ended: {item.nodeid}\n".encode())
        faulthandler.dump_traceback(file=2)
        pytest.fail(f"hung, and was ended after {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    faulthandler.dump_traceback_later(seconds + grace, exit=True, file=stderr)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    with ended(item, max(MAX_SECONDS, MAX_SETUP_SECONDS)):
        yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    with ended(item):
        yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    with ended(item):
        yield
