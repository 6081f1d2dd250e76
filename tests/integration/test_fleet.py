"""scripts/fleet against 20 real sidecars, each with an address of its own; kubectl is a stand-in that knows them."""

import json
import os
import re
import subprocess
import sys

import pytest

from game import SignalCounter
from sidecar import ROOT, Sidecar
from waiting import free_ports, wait_until

COUNT, BROKEN = 20, 7
KUBECTL = """#!{python}
import http.server, json, os, re, sys, urllib.error, urllib.request
pods = json.load(open({pods!r}))
with open({log!r}, "a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == "get":
    print(json.dumps(pods))
    sys.exit()
addresses = {{pod["metadata"]["name"]: pod["status"]["podIP"] for pod in pods["items"] if "podIP" in pod["status"]}}


class Proxy(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        namespace, name, port, path = re.fullmatch("/api/v1/namespaces/(.+)/pods/(.+):(.+)/proxy(/.*)", self.path).groups()
        assert namespace == "games"
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = urllib.request.Request(f"http://{{addresses[name]}}:{{port}}{{path}}", body)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        text = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
print(f"Starting to serve on 127.0.0.1:{{server.server_address[1]}}", flush=True)
server.serve_forever()
"""


class Fleet:
    """Pod number BROKEN has no game; its updates fail and are reverted."""

    def __init__(self, folder, things):
        [self.port] = free_ports(1)
        self.sidecars, pods = [], []
        things.append(SignalCounter(folder / "game"))
        for i in range(COUNT):
            shared, address = folder / f"shared-{i}", f"127.0.1.{i + 1}"
            shared.mkdir()
            name = "no such game" if i == BROKEN else things[0].process_name
            config = {"fileDir": str(shared), "storageConfig": {"type": "Local"},
                      "signal": {"processName": name, "signalName": "SIGUSR1", "waitSeconds": 0, "settleMilliseconds": 0}}
            self.sidecars.append(Sidecar(folder / f"sidecar-{i}", config, host={"listen": f"{address}:{self.port}"}, wait_ready=False))
            things.append(self.sidecars[-1])
            pods.append({"metadata": {"name": f"gs-{i}", "namespace": "games"}, "status": {"phase": "Running", "podIP": address}})
        for i, sidecar in enumerate(self.sidecars):
            sidecar.base = f"http://127.0.1.{i + 1}:{self.port}"
            sidecar.wait_ready()
        pods.append({"metadata": {"name": "gs-20", "namespace": "games"}, "status": {"phase": "Pending"}})
        self.bin, self.log = folder / "bin", folder / "kubectl.log"
        self.bin.mkdir()
        (folder / "pods.json").write_text(json.dumps({"items": pods[::-1]}))
        (self.bin / "kubectl").write_text(KUBECTL.format(python=sys.executable, pods=str(folder / "pods.json"), log=str(self.log)))
        (self.bin / "kubectl").chmod(0o755)

    def run(self, *argv):
        env = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}"}
        done = subprocess.run([ROOT / "scripts/fleet", "-l", "app=gs", "--port", str(self.port), *argv], env=env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        lines = done.stdout.splitlines()
        return done.returncode, dict(re.split(r"\s+", line)[:2] for line in lines[:-1]), lines[-1] if lines else ""

    def versions(self):
        return [sidecar.status()["live"].get("a.txt", {}).get("version") for sidecar in self.sidecars]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    things = []
    yield Fleet(tmp_path_factory.mktemp("fleet"), things)
    for thing in reversed(things):
        thing.stop()


def fields(source, version):
    return [f"version={version}", "url=" + source.put(f"/{version}/a.txt", version.encode())]


@pytest.mark.parametrize("via", ["proxy", "direct"])
def test_every_pod_has_a_line_and_one_that_fails_makes_it_1(fleet, source, via):
    status, pods, summary = fleet.run("--via", via, "-n", "games", *fields(source, f"v2-{via}"))
    assert status == 1, (pods, summary)
    assert summary == "19 updated, 1 failed, 0 not tried", (pods, summary)
    assert pods == {f"gs-{i}": "Failed" if i == BROKEN else "Succeeded" for i in range(COUNT)}
    assert set(fleet.versions()) == {f"v2-{via}", None}
    assert "get pods -l app=gs -o json -n games" in fleet.log.read_text()


def test_canaries_that_succeed_go_before_the_others(fleet, source):
    status, pods, _ = fleet.run("--via", "direct", "--canary", "3", *fields(source, "v3"))
    assert status == 1
    assert set(list(pods)[:3]) == {"gs-0", "gs-1", "gs-2"}
    assert len(pods) == COUNT


def test_a_canary_that_fails_stops_the_rollout(fleet, source):
    before = fleet.versions()
    status, pods, summary = fleet.run("--via", "direct", "--canary", "8", *fields(source, "v4"))
    assert status == 3, summary
    assert summary == "7 updated, 1 failed, 12 not tried", summary
    assert fleet.versions()[8:] == before[8:]
    assert len(pods) == 8


def test_more_failures_than_allowed_stop_the_rollout(fleet, source):
    status, pods, summary = fleet.run("--via", "direct", "--parallel", "1", "--max-failed", "0", *fields(source, "v5"))
    assert status == 3, summary
    assert summary == "7 updated, 1 failed, 12 not tried", summary
    assert list(pods) == [f"gs-{i}" for i in range(8)]
    assert fleet.run("--via", "direct", "--max-failed", "1", *fields(source, "v6"))[0] == 1


def test_a_pod_that_is_gone_is_unreachable_and_the_others_are_updated(fleet, source):
    status, pods, _ = fleet.run("--via", "direct", "--port", "1", *fields(source, "v7"))
    assert status == 1
    assert set(pods.values()) == {"Unreachable"}


@pytest.mark.parametrize("argv", [["version=v2"], ["--parallel", "0", "version=v2", "url=http://h/a"], ["--wrong", "version=v2", "url=http://h/a"]])
def test_a_wrong_command_line_is_64(fleet, argv):
    assert fleet.run(*argv)[0] == 64
