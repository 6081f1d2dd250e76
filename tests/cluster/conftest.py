import contextlib
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from binaries import IS_OLDEST  # noqa: E402
from cluster import ControlPlane  # noqa: E402
from running_pod import RunningPod  # noqa: E402

# It says what is different there.
collect_ignore = [] if IS_OLDEST else ["test_oldest.py"]


def pytest_configure(config):
    config.addinivalue_line("markers", "oldest: is also run with the oldest supported API server")


@pytest.fixture(scope="session")
def plane(tmp_path_factory):
    """One API server for the whole run; a test that stops it uses `outage`, which starts it again."""
    with ControlPlane(tmp_path_factory.mktemp("control-plane")) as started:
        yield started


@pytest.fixture
def outage(plane):
    """with outage(*flags): … runs its body without an API server; afterwards it is back, started with these flags once."""

    @contextlib.contextmanager
    def stopped(*flags):
        plane.stop_api_server()
        try:
            yield
        finally:
            plane.start_api_server(*flags)

    return stopped


@pytest.fixture
def namespace(plane, request):
    """A namespace of the test's own, named after it."""
    name = request.node.name.split("[")[0].removeprefix("test_").replace("_", "-")[:50].strip("-")
    return plane.namespace(f"{name}-{abs(hash(request.node.nodeid)) % 10000}")


@pytest.fixture
def sidecar_pod(plane, namespace, tmp_path):
    """sidecar_pod(name, labels=…, owner=…, namespace=…): a pod of the test's namespace for a sidecar that runs on this machine."""

    def make(name="game-0", namespace=namespace, **more):
        return plane.sidecar_pod(namespace, name, tmp_path / f"service-account-{namespace}-{name}", **more)

    return make


@pytest.fixture
def run_pod(things, sidecar_pod, tmp_path):
    """run_pod(name, labels=…, owner=…, namespace=…, **RunningPod's): the same with the real sidecar running for it."""

    def run(name="game-0", labels=None, owner=None, account=None, **more):
        chosen = {"namespace": more.pop("namespace")} if "namespace" in more else {}
        account = account or sidecar_pod(name, labels=labels, owner=owner, **chosen)
        things.append(RunningPod(account, tmp_path / f"{account.namespace}-{name}", **more))
        return things[-1]

    return run
