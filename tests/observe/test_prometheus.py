"""What operators look at: metrics, dashboards and alerts, with a real Prometheus that scrapes three real sidecars."""

import json
import pathlib
import re
import subprocess
import sys
import time

import pytest

from half import Half
from kube_stub import KubeStub
from prometheus import Prometheus
from sidecar import ROOT, Sidecar
from source import Answer
from waiting import free_ports, wait_until

MONITORING = ROOT / "deploy/monitoring"
QUERIES = sorted({target["expr"] for panel in json.loads((MONITORING / "dashboard.json").read_text())["panels"]
                  for target in panel.get("targets", [])})
ALERTS = set(re.findall(r"- alert: (\w+)", (MONITORING / "rules.yaml").read_text()))


def metrics(sidecar):
    return sidecar.get("/metrics").body.decode()


def names(text):
    return set(re.findall(r"^# TYPE (\S+)", text, re.M))


def documented():
    rows = (ROOT / "docs/metrics.md").read_text()
    return set(re.findall(r"^\| `(\w+)` \|", rows, re.M))


def without_patience(rules):
    """Nobody waits half an hour here."""
    return re.sub(r"^ *for: .*\n", "", rules, flags=re.M)


class Scene:
    """`a` is updated, `b` lacks its mount at first, `c` records in an API server that refuses its writes."""

    def __init__(self, tmp_path, things, source):
        self.source, self.tmp_path = source, tmp_path
        self.health = source.put("/health", b"well")
        local = {"loadPatchType": "none", "storageConfig": {"type": "Local"}}
        (tmp_path / "a-files").mkdir()
        confirm = {"timeoutSeconds": 1, "intervalMilliseconds": 50, "http": {"url": self.health}}
        self.a = Sidecar(tmp_path / "a", {**local, "fileDir": str(tmp_path / "a-files"), "confirm": confirm})
        self.stub = KubeStub(tmp_path / "api", "HTTP/1.1")
        self.stub.objects["configmaps"]["data"] = {"games.pod": "no JSON", "games.other": "x" * 900_000}
        self.stub.failing["configmaps"] = {"code": 403, "reason": "Forbidden", "message": "not you"}
        (tmp_path / "c-files").mkdir()
        in_kube = {"type": "InKube", "inKube": {"annotationKey": "example.com/result", "labelKey": "example.com/version"}}
        self.c = Sidecar(tmp_path / "c", {"loadPatchType": "none", "storageConfig": in_kube, "fileDir": str(tmp_path / "c-files")},
                         env=self.stub.environment(), more_argv=["--service-account-dir", self.stub.folder])
        things += [self.stub, self.a, self.c]
        rules = without_patience((MONITORING / "rules.yaml").read_text())
        [port] = free_ports(1)
        self.prometheus = Prometheus(tmp_path / "prometheus", {"a": self.a.port, "b": port, "c": self.c.port}, rules)
        things.append(self.prometheus)
        wait_until(lambda: len(self.prometheus.query("okg_sidecar_build_info")) == 2, "those that are there are scraped")
        # Prometheus sees its first restart: one before the first scrape is no increase.
        self.mount = tmp_path / "b-mount/files"
        self.b = Sidecar(tmp_path / "b", {**local, "fileDir": str(self.mount)}, host={"listen": f"127.0.0.1:{port}"}, wait_ready=False)
        things.append(self.b)
        wait_until(lambda: len(self.prometheus.query("okg_sidecar_build_info")) == 3, "all are scraped")

    def update(self, sidecar, version, body=b"content", **answer):
        path = f"/{version}/index.html"
        self.source.answers[path] = Answer(body, **answer)
        soon = int(time.time()) + 3600
        return sidecar.update(version, self.source.url(path) + f"?Expires={soon}&Signature=s", path="index.html")


@pytest.fixture
def scene(tmp_path, things, source):
    return Scene(tmp_path, things, source)


def test_every_alert_fires_and_every_query_of_the_dashboards_has_data_when_it_must(scene):
    prometheus = scene.prometheus
    assert prometheus.query("okg_hot_update_last_success_timestamp_seconds") == []
    assert not ALERTS & prometheus.firing() - {"OkgSidecarNotReady", "OkgSidecarConfigMapNearlyFull", "OkgSidecarPluginRestarting"}
    seen = set()

    def note_alerts(*wanted):
        seen.update(prometheus.firing())
        return seen >= set(wanted)

    # Success, failure and roll-back.
    assert scene.update(scene.a, "v1").status == 200
    assert scene.update(scene.a, "v2", status=404).json["reason"] == "SourceNotFound"
    scene.source.answers["/health"] = Answer(b"ill", 500)
    assert scene.update(scene.a, "v3", b"bad").json["result"] == "RolledBack"
    scene.source.answers["/health"] = Answer(b"well")
    assert scene.update(scene.c, "v1").json["recordErrorReason"] == "ApiForbidden"
    wait_until(lambda: note_alerts("OkgSidecarUpdateFailed", "OkgSidecarUpdateRolledBack", "OkgSidecarRecordsPending",
                                   "OkgSidecarSourceExpiresSoon", "OkgSidecarConfigMapNearlyFull"), "alerts of updates")
    [(labels, _)] = prometheus.query('okg_hot_update_failures_total{stage="confirm"}')
    assert labels["reason"] == "GameNotHealthy"

    # A missing mount.
    wait_until(lambda: note_alerts("OkgSidecarNotReady", "OkgSidecarPluginRestarting"), "alerts of a pod that cannot serve")
    assert prometheus.query('okg_sidecar_plugin_up{pod="b"}')[0][1] == 0
    scene.mount.mkdir(parents=True)
    scene.b.wait_ready()
    assert scene.update(scene.b, "v0").status == 200
    wait_until(lambda: note_alerts("OkgSidecarVersionSkew"), "the alert of versions")
    assert seen >= ALERTS

    # A download in its middle, and one behind it.
    half = Half()
    scene.source.answers["/half"] = Answer(handler=half)
    before = prometheus.query('okg_hot_update_downloaded_bytes_total{pod="b"}')[0][1]
    for version in ("v4", "v5"):
        assert scene.b.update(version, scene.source.url("/half"), wait="false").status == 202
    wait_until(lambda: prometheus.query("okg_hot_update_progress_ratio") and
               prometheus.query("okg_hot_update_progress_ratio")[0][1] == 0.5, "the ratio of the download in progress")
    assert prometheus.query('okg_hot_update_downloaded_bytes_total{pod="b"}')[0][1] == before + 100_000
    wait_until(lambda: prometheus.query('okg_hot_update_queue_length{pod="b"}')[0][1] == 1, "one waits")
    assert scene.update(scene.a, "v6", b"new").status == 200  # the rates of its stages

    left = set(QUERIES)

    def all_have_data():
        for query in sorted(left):
            filled = query.replace("$namespace", ".*").replace("$pod", ".*").replace("$__rate_interval", "5m")
            if prometheus.query(filled):
                left.discard(query)
        assert not left, left
        return True

    wait_until(all_have_data, "data of every query")
    everything = "".join(metrics(each) for each in (scene.a, scene.b, scene.c))
    half.open.set()
    assert names(everything) == documented()
    check = subprocess.run(["promtool", "check", "metrics"], input=metrics(scene.c), capture_output=True, text=True, timeout=20)
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_rules_are_sound_and_fire_when_they_must():
    for command in (["check", "rules", MONITORING / "rules.yaml"], ["test", "rules", pathlib.Path(__file__).parent / "rules.test.yaml"]):
        answer = subprocess.run(["promtool", *map(str, command)], capture_output=True, text=True, timeout=60)
        assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_dashboards_are_as_their_source(tmp_path):
    subprocess.run([sys.executable, ROOT / "scripts/dashboard.py", tmp_path], check=True)
    for name in ("dashboard.json", "dashboard.zh.json"):
        assert (tmp_path / name).read_text() == (MONITORING / name).read_text(), "run ./scripts/dashboard.py"


def test_the_dashboards_differ_in_their_words_only():
    both = [json.loads((MONITORING / name).read_text()) for name in ("dashboard.json", "dashboard.zh.json")]
    queries = [[target["expr"] for panel in each["panels"] for target in panel.get("targets", [])] for each in both]
    assert queries[0] == queries[1]
    titles = [[panel["title"] for panel in each["panels"]] for each in both]
    assert all(titles[0])
    assert all(titles[1])
    assert titles[0] != titles[1]
