import contextlib

import pytest

from fixtures import *  # noqa: F403
from raw_http import Line


@pytest.fixture
def lines():
    """lines(port, …): a connection that is closed after the test."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **more: stack.enter_context(Line(*args, **more))
