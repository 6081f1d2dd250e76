import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "harness"))

from source import Source  # noqa: E402


@pytest.fixture
def things():
    """Everything started in a test, stopped after it in reverse order."""
    started = []
    yield started
    for thing in reversed(started):
        thing.stop()


@pytest.fixture
def source(things):
    things.append(Source())
    return things[-1]
