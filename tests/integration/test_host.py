"""The command line, the configuration and the host's own calls."""

import os
import pathlib
import socket
import subprocess
import time

import pytest
import yaml
from sidecar import BINARY, ROOT, request


def run(*arguments, **more):
    env = {key: value for key, value in os.environ.items() if key != "KUBERNETES_SERVICE_HOST"}
    return subprocess.run([str(BINARY), *map(str, arguments)], capture_output=True, text=True, timeout=20, env=env, **more)


def plugin(text=""):
    return f"plugins:\n  - name: hot_update\n    config:\n      signal: {{processName: game, signalName: SIGHUP}}\n{text}"


def test_the_users_own_configuration_is_taken_as_it_is():
    answer = run("validate", ROOT / "examples/config.yaml")
    assert answer.returncode == 0, answer
    assert answer.stdout.strip().endswith("config.yaml: ok"), answer


@pytest.mark.alone
@pytest.mark.parametrize(
    "text, line, expected",
    [
        (plugin("      signalNmae: x\n"), 5, "unknown key"),
        (plugin("restartpolcy: Always\n"), 5, "did you mean restartPolicy?"),
        (plugin("restartpolicy: Sometimes\n"), 5, "Always"),
        (plugin("resources: {CPU: lots}\n"), 5, "quantity"),
        (plugin("  - name: hot_update\n"), 5, "hot_update"),
        ("plugins:\n  - name: hot_updat\n", 2, "did you mean hot_update?"),
        ("plugins:\n  - name: hot_update\n    config: {loadPatchType: signal, signal: {signalName: SIGHUP}}\n", 3, "processName"),
        ("plugins:\n  - name: hot_update\n    config: {signal: {processName: a, signalName: SIGHOP}}\n", 3, "SIGH"),
        ("plugins:\n  - name: hot_update\n    config: {keepVersions: [1], signal: {processName: a, signalName: HUP}}\n", 3, "number"),
        ("plugins:\n  - name: [\n", 2, "YAML"),
        ("", 1, "empty"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_key_and_ends_with_64(tmp_path, text, line, expected):
    file = tmp_path / "config.yaml"
    file.write_text(text)
    for arguments in (("validate", file), ("--config", file), ("run", "--config", file)):
        begun = time.monotonic()
        answer = run(*arguments)
        assert answer.returncode == 64, answer
        assert time.monotonic() - begun < 1, answer
        assert f"{file}:{line}: " in answer.stderr, answer.stderr
        assert expected in answer.stderr, answer.stderr


def test_every_mistake_has_a_line_of_its_own(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(plugin("      fileMode: 999\n      keepversions: -1\nresources: {Memory: x}\n"))
    answer = run("validate", file)
    assert answer.returncode == 64, answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 3, answer.stderr


def test_an_unreadable_file_ends_with_64(tmp_path):
    for path in (tmp_path / "missing.yaml", tmp_path):
        answer = run("--config", path)
        assert answer.returncode == 64
        assert str(path) in answer.stderr


def test_an_address_that_is_in_use_is_named_with_its_reason(tmp_path):
    file = tmp_path / "config.yaml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file.write_text(plugin(f"listen: 127.0.0.1:{taken.getsockname()[1]}\n"))
        answer = run("--config", file)
    assert answer.returncode == 1, answer
    assert "reason=CannotListen" in answer.stderr
    assert "or set another one with listen" in answer.stderr, answer


def test_in_kube_outside_a_cluster_ends_with_64_and_says_so(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(plugin("      storageConfig: {type: InKube}\n"))
    answer = run("--config", file)
    assert answer.returncode == 64, answer
    assert "KUBERNETES_SERVICE_HOST" in answer.stderr, answer
    assert "Local" in answer.stderr, answer


def test_help_and_version():
    assert "--config" in run("--help").stdout
    assert "validate" in run("--help").stdout
    assert run("--version").stdout.startswith("okg-sidecar ")
    assert run("--log-format", "xml").returncode == 64


def test_health_ready_and_metrics(start_sidecar, source):
    sidecar = start_sidecar()
    assert sidecar.get("/healthz").status == 200
    assert sidecar.get("/readyz").status == 200
    sidecar.update("v1", source.put("/a", b"a"))
    text = sidecar.get("/metrics").body.decode()
    assert 'okg_hot_update_updates_total{result="Succeeded"} 1' in text
    assert "okg_sidecar_info" in text


def test_wrong_calls_are_told_what_is_right(start_sidecar):
    sidecar = start_sidecar()
    assert sidecar.get("/nothing").status == 404
    answer = request(sidecar.base + "/hot-update", "DELETE")
    assert answer.status == 405
    assert answer.headers["Allow"] == "POST, GET, HEAD"
    answer = request(sidecar.base + "/hot-update", "POST", b"<x/>", {"Content-Type": "text/xml"})
    assert answer.status == 415
    assert "application/json" in answer.json["message"]
    assert request(sidecar.base + "/hot-update", "POST", b"a" * 70_000).status == 413
    head = request(sidecar.base + "/healthz", "HEAD")
    assert head.status == 200
    assert head.body == b""
    assert int(head.headers["Content-Length"]) > 0


def test_it_listens_on_ipv6_and_ipv4_at_once(start_sidecar):
    sidecar = start_sidecar(host={"listen": ":0"})
    for host in ("127.0.0.1", "[::1]"):
        assert request(f"http://{host}:{sidecar.port}/healthz").status == 200


def test_an_address_in_use_is_named(tmp_path, start_sidecar):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        file = tmp_path / "config.yaml"
        file.write_text(plugin(f"      fileDir: {tmp_path}\n      storageConfig: {{type: Local}}\nlisten: 127.0.0.1:{taken.getsockname()[1]}\n"))
        answer = run("--config", file)
        assert answer.returncode == 1, answer
        assert "Address already in use" in answer.stderr, answer


def test_a_missing_shared_directory_is_not_ready_and_heals(tmp_path, start_sidecar):
    folder = tmp_path / "later"
    sidecar = start_sidecar(wait_ready=False, fileDir=str(folder))
    answer = sidecar.wait_not_ready("SharedDirectoryMissing")
    assert str(folder) in answer.json["message"], answer
    assert "mount" in answer.json["message"], answer
    assert sidecar.get("/healthz").status == 200
    folder.mkdir()
    sidecar.wait_ready()


def test_a_second_sidecar_on_the_same_directory_stays_out(start_sidecar, source):
    first = start_sidecar()
    second = start_sidecar(wait_ready=False)
    assert "another okg-sidecar" in second.wait_not_ready("StateDirInUse").json["message"]
    assert first.update("v1", source.put("/a", b"a")).status == 200


def test_json_logs_are_json(start_sidecar, tmp_path, things):
    import json

    sidecar = start_sidecar()
    sidecar.stop()
    sidecar.argv += ["--log-format", "json"]
    with open(tmp_path / "json.log", "wb") as log:
        process = subprocess.Popen(sidecar.argv, stderr=log)
        from waiting import wait_until

        wait_until(lambda: b"listening" in (tmp_path / "json.log").read_bytes(), what="it runs")
        process.terminate()
        assert process.wait(20) == 0
    lines = (tmp_path / "json.log").read_text().splitlines()
    assert all({"time", "level", "event"} <= set(json.loads(line)) for line in lines)
    assert lines
