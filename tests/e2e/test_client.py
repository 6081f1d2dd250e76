"""kubectl exec with the client that is in the sidecar's image: all that an operator needs."""

import subprocess

from game_pods import shows

POD = "hot-update-gs-0"


def client(game, *argv):
    """(exit status, what it prints)."""
    command = ["kubectl", "exec", POD, "-c", "sidecar", "--", "okg-sidecar", *argv]
    done = subprocess.run(command, env=game.node.env, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout


def test_the_client_in_the_pod_updates_shows_and_rolls_back(game, pages):
    game.apply("statefulset.yaml")
    pod = game.pod(POD)
    status, said = client(game, "status")
    assert (status, said.splitlines()[0]) == (0, "ready"), said
    status, said = client(game, "update", "v2", pages.url("/v2/index.html"))
    assert status == 0, said
    assert said.startswith("Succeeded: v2 of index.html"), said
    assert shows(pod, "V2")
    status, said = client(game, "update", "v3", pages.url("/nowhere.html?sign=a%2Bb&名=值"), "--path", "index.html")
    assert status == 1, said
    assert "SourceNotFound" in said
    status, said = client(game, "status")
    assert status == 0, said
    assert "Failed (SourceNotFound)" in said
    assert client(game, "rollback")[0] == 0
    assert shows(pod, "V1")
