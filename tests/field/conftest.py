import contextlib

import pytest

from fixtures import *  # noqa: F403
from kube_stub import OWNER, KubeStub
from raw_http import Line


@pytest.fixture
def lines():
    """lines(port, …): a connection that is closed after the test."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **more: stack.enter_context(Line(*args, **more))


@pytest.fixture
def kube(tmp_path, things):
    """An API server with the pod of a StatefulSet."""
    stub = KubeStub(tmp_path / "account", "HTTP/1.1")
    stub.objects["pods"]["metadata"]["ownerReferences"] = [OWNER]
    things.append(stub)
    return stub
