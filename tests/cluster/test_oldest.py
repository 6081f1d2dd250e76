"""What is different with the oldest supported Kubernetes."""

import json
import pathlib

import pytest
import yaml

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
pytestmark = pytest.mark.oldest


def test_it_is_that_version(plane):
    assert plane.request("GET", "/version")["gitVersion"] == "v1.20.2"


def test_it_refuses_the_native_sidecar_for_that_alone(plane):
    workload = yaml.safe_load((DEPLOY / "native-sidecar.yaml").read_text())
    refused = plane.kubectl("create", "--dry-run=client", "-f", "-", stdin=json.dumps(workload), check=False)
    assert refused.returncode != 0
    assert refused.stderr.count("unknown field") == 1
    assert 'initContainers[0]): unknown field "restartPolicy"' in refused.stderr
