"""GET /metrics: what is there, what it says, and that its page of the documentation names all of it."""

import re
import subprocess
import urllib.parse

import pytest
from half import Half
from sidecar import BINARY, ROOT, request
from source import Answer
from waiting import wait_until

TOKEN = "d3b07384d113edec49eaa6238ad5ff00"


def metrics(sidecar):
    """Series with its labels -> value."""
    lines = sidecar.get("/metrics").body.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


@pytest.mark.parametrize("page, name", [("metrics", "docs/metrics.md"), ("metrics-zh", "docs/zh/metrics.md")])
def test_the_page_of_metrics_is_as_the_table(page, name):
    text = subprocess.run([BINARY, "reference", page], capture_output=True, text=True, timeout=20, check=True).stdout
    assert text == (ROOT / name).read_text(), "run ./scripts/reference"


def test_every_metric_that_is_there_is_on_the_page(start_sidecar, source):
    sidecar = start_sidecar()
    assert sidecar.update("v1", source.put("/a", b"one")).status == 200
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", (ROOT / "docs/metrics.md").read_text(), re.M)
    documented = {name: kind for name, kind, _ in rows}
    labels = {name: set(re.findall(r"`(\w+)`", text)) for name, _, text in rows}
    text = sidecar.get("/metrics").body.decode()
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)", text, re.M))
    assert types == {name: documented[name] for name in types}
    # What a pod without an API server, without a failure and without a download in progress has no series of.
    assert set(documented) - set(types) == {"okg_sidecar_api_requests_total", "okg_hot_update_failures_total",
                                            "okg_hot_update_progress_ratio", "okg_hot_update_progress_bytes", "okg_hot_update_progress_files",
                                            "okg_hot_update_config_map_bytes"}
    for line in text.splitlines():
        name, of_series = re.match(r"(?:# \w+ )?(\w+)(?:\{(.*)\} )?", line).groups()
        if line.startswith("#"):
            continue
        family = name if name in types else re.sub(r"_(bucket|sum|count)$", "", name)
        assert set(re.findall(r"(\w+)=", of_series or "")) - {"le"} == labels[family], line


def test_counters_end_in_total_and_help_is_a_sentence(start_sidecar):
    text = start_sidecar().get("/metrics").body.decode()
    types, helps = (dict(re.findall(rf"^# {word} (\S+) (.+)$", text, re.M)) for word in ("TYPE", "HELP"))
    assert set(types) == set(helps)
    for name, kind in types.items():
        assert (kind == "counter") == name.endswith("_total"), name
        assert helps[name][0].isupper() or helps[name][0].isdigit(), name
        assert helps[name].endswith("."), name


def test_the_last_success_is_absent_before_the_first_and_there_again_after_a_restart(start_sidecar, source):
    sidecar = start_sidecar()
    name = "okg_hot_update_last_success_timestamp_seconds"
    assert name not in metrics(sidecar)
    assert sidecar.update("v1", source.url("/gone")).status == 502
    assert name not in metrics(sidecar)
    assert sidecar.update("v1", source.put("/a", b"one")).status == 200
    at = metrics(sidecar)[name]
    assert at > 1_700_000_000
    assert sidecar.stop() == 0
    sidecar.start()
    assert metrics(sidecar)[name] == at


def test_failures_are_counted_by_stage_and_reason(start_sidecar, source):
    sidecar = start_sidecar()
    assert sidecar.update("v1", source.url("/gone")).status == 502
    assert sidecar.update("v1", source.put("/empty", b"")).status == 422
    now = metrics(sidecar)
    assert now['okg_hot_update_failures_total{reason="SourceNotFound",stage="fetch"}'] == 1
    assert now['okg_hot_update_failures_total{reason="EmptyContent",stage="verify"}'] == 1
    assert now['okg_hot_update_updates_total{result="Failed"}'] == 2


def test_the_bytes_and_the_ratio_of_a_download_move_while_it_runs(start_sidecar, source):
    sidecar = start_sidecar()
    half = Half()
    source.answers["/half"] = Answer(handler=half)
    for version in ("v1", "v2"):
        assert sidecar.update(version, source.url("/half"), wait="false").status == 202
    wait_until(lambda: metrics(sidecar).get("okg_hot_update_progress_ratio") == 0.5, "half of it is there")
    now = metrics(sidecar)
    assert now["okg_hot_update_downloaded_bytes_total"] == 100_000
    assert (now["okg_hot_update_in_progress"], now["okg_hot_update_queue_length"]) == (1, 1)
    half.open.set()
    wait_until(lambda: metrics(sidecar)["okg_hot_update_downloaded_bytes_total"] >= 200_000, "all of it is there")
    wait_until(lambda: not metrics(sidecar)["okg_hot_update_in_progress"], "nothing is in progress")
    assert "okg_hot_update_progress_ratio" not in metrics(sidecar)


def test_a_pod_that_cannot_serve_says_so(start_sidecar, tmp_path):
    sidecar = start_sidecar(fileDir=str(tmp_path / "no-mount"), wait_ready=False)
    plugin = '{plugin="hot_update"}'
    wait_until(lambda: metrics(sidecar)["okg_sidecar_plugin_restarts_total" + plugin] >= 1, "it was started again")
    assert (metrics(sidecar)["okg_sidecar_ready"], metrics(sidecar)["okg_sidecar_plugin_up" + plugin]) == (0, 0)
    (tmp_path / "no-mount").mkdir()
    sidecar.wait_ready()
    assert (metrics(sidecar)["okg_sidecar_ready"], metrics(sidecar)["okg_sidecar_plugin_up" + plugin]) == (1, 1)


@pytest.mark.parametrize("is_closed", [False, True])
def test_updates_of_callers_nobody_asked_who_they_are_are_counted(start_sidecar, source, tmp_path, is_closed):
    (tmp_path / "ci").write_text(TOKEN)
    sidecar = start_sidecar(host={"auth": {"tokenFiles": [str(tmp_path / "ci")]}} if is_closed else {}, wait_ready=not is_closed)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    body = urllib.parse.urlencode({"version": "v1", "url": source.put("/a", b"one")}).encode()
    wait_until(lambda: request(sidecar.base + "/readyz").status == 200, "ready")
    assert request(sidecar.base + "/hot-update", "POST", body, headers).status == 200
    assert request(sidecar.base + "/hot-update", "POST", b"version=v1", headers).status == 400
    text = request(sidecar.base + "/metrics", headers=headers).body.decode()
    assert f"\nokg_hot_update_unauthenticated_updates_total {0 if is_closed else 1}\n" in text
