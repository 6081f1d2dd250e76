import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cluster import ControlPlane  # noqa: E402


@pytest.fixture(scope="session")
def plane(tmp_path_factory):
    """One API server for the whole run. Tests that stop it use own_plane."""
    with ControlPlane(tmp_path_factory.mktemp("control-plane")) as started:
        yield started


@pytest.fixture
def own_plane(tmp_path):
    with ControlPlane(tmp_path / "control-plane") as started:
        yield started


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
