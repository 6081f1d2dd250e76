"""What the READMEs say of a cluster: the images that are pushed are those that its pods then ask for."""

import pathlib
import re
import shlex
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = "deploy/helm/okg-sidecar"


def commands(page):
    """The lines of its indented blocks, continued ones joined."""
    return re.findall(r"^    (\S.*)$", (ROOT / page).read_text().replace("\\\n", ""), re.M)


def images(text):
    pods = [each["spec"]["template"]["spec"] for each in yaml.safe_load_all(text) if each and each["kind"] == "StatefulSet"]
    return {container["image"] for pod in pods for container in [*pod.get("initContainers", []), *pod["containers"]]}


@pytest.fixture(params=["README.md", "README.zh.md"])
def shown(request):
    return commands(request.param)


@pytest.fixture
def pushed(shown):
    return {re.search(r"--tag (\S+)", line)[1] for line in shown if "--push" in line}


def test_the_chart_asks_for_the_images_that_were_pushed(tool, shown, pushed):
    [line] = [line for line in shown if line.startswith("helm install")]
    _, _, name, chart, *flags = shlex.split(line)
    assert chart == CHART
    flags.remove("--create-namespace")
    assert images(tool("helm", "template", name, chart, *flags)) == pushed


def test_the_plain_manifests_ask_for_the_images_that_were_pushed(shown, pushed):
    [line] = [line for line in shown if line.startswith("sed ")]
    made = subprocess.run(line.split(" | ")[0], shell=True, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert images(made) == pushed
