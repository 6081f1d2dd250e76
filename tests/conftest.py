import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "harness"))

from sidecar import Sidecar  # noqa: E402
from source import Source  # noqa: E402


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


@pytest.fixture
def source(things):
    things.append(Source())
    return things[-1]
