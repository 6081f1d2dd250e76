"""Where the programs of a test's Kubernetes come from."""

import os
import pathlib
import shutil

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "okg-sidecar"
CURRENT, OLDEST = CACHE / "kubernetes-1.34.4", CACHE / "kubernetes-1.20.2"
# `./scripts/test oldest` sets it: the API server is that of the oldest supported version.
IS_OLDEST = os.environ.get("OKG_KUBERNETES") == "oldest"


class Binaries:
    """Programs of KUBEBUILDER_ASSETS where it is set, as envtest users know it; else what build_kubernetes.sh and build_oldest.sh
    left in the cache folder, and Debian's containerd."""

    def __init__(self):
        assets = os.environ.get("KUBEBUILDER_ASSETS")
        self._folders = [pathlib.Path(assets)] if assets else [OLDEST, CURRENT] if IS_OLDEST else [CURRENT]

    def has(self, name):
        return self._find(name) is not None

    def path(self, name):
        found = self._find(name)
        if found is None:
            raise RuntimeError(f"{name} is neither in {self._folders} nor on PATH; ./scripts/setup cluster and "
                               "./tests/cluster/build_kubernetes.sh make it")
        return found

    def search_path(self):
        """PATH with these programs first, for shells that call kubectl."""
        return os.pathsep.join([*map(str, self._folders), os.environ["PATH"]])

    def _find(self, name):
        # Debian's etcd is too old for a current API server.
        return shutil.which(name, path=None if name == "containerd" else os.pathsep.join(map(str, self._folders)))
