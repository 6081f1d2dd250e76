import pathlib
import signal
import sys

import pytest

# A shell hands ignored signals down to what it starts in the background; games inherit them from here.
for each in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2):
    if signal.getsignal(each) == signal.SIG_IGN:
        signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)

sys.path.insert(0, str(pathlib.Path(__file__).parent / "harness"))

from sampling import is_in_share  # noqa: E402
from sidecar import Sidecar  # noqa: E402
from source import Source  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: measures times, so that no other test may run beside it")


def pytest_collection_modifyitems(config, items):
    others = [each for each in items if not is_in_share(each.nodeid)]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [each for each in items if is_in_share(each.nodeid)]


@pytest.fixture
def things():
    """Everything started in a test, stopped after it in reverse order."""
    started = []
    yield started
    for thing in reversed(started):
        thing.stop()
    for thing in started:
        if isinstance(thing, Sidecar):
            assert not thing.sanitizer_reports()
            assert not thing.lines_without_a_known_reason()


@pytest.fixture
def source(things):
    things.append(Source())
    return things[-1]
