import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "harness"))

import hanging  # noqa: E402
from inherited import drop_what_was_inherited  # noqa: E402
from sampling import is_in_share  # noqa: E402
from sidecar import Sidecar  # noqa: E402
from source import Source  # noqa: E402

drop_what_was_inherited()


def pytest_configure(config):
    config.pluginmanager.register(hanging)
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
