"""docs/injection.md on a real node: the pod that the page shows gets the sidecar, which then updates its game."""

import json
import pathlib
import re

import yaml

from game_pods import hot_update, shows
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
POLICY = ROOT / "deploy/injection/mutating-admission-policy-v1beta1.yaml"


def pod_of_the_page():
    """What the page leaves out is the reader's own: names and the game's image."""
    (shown,) = [each for each in re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/injection.md").read_text(), re.S) if "inject:" in each]
    pod = {"apiVersion": "v1", "kind": "Pod", **yaml.safe_load(shown)}
    pod["metadata"] |= {"name": "lobby", "namespace": "default"}
    pod["spec"]["containers"][0]["image"] = "game-2048:v1"
    return pod


def test_a_pod_that_the_admission_policy_gave_the_sidecar_is_updated(game, pages, things):
    class Policy:
        def stop(self):
            game.node.kubectl("delete", "-f", POLICY)

    game.node.kubectl("apply", "-f", POLICY)
    things.append(Policy())

    def containers():
        made = game.node.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-", stdin=json.dumps(pod_of_the_page()))
        return [each["name"] for each in json.loads(made)["spec"]["containers"]]

    wait_until(lambda: containers() == ["game", "sidecar"], "the policy is in force")
    game.apply_object(pod_of_the_page())
    pod = game.pod("lobby")
    assert shows(pod, "V1")
    status, answer = hot_update(pod, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["result"], answer["recorded"]) == (200, "Succeeded", True), answer
    assert shows(pod, "V2")
