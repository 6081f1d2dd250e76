"""Orders: what the pod's annotation says, as the kubelet writes it into a file."""

import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import threading
import time

import pytest

from kubelet import DownwardVolume
from sidecar import BINARY, SANITIZED
from waiting import free_ports, wait_until


@pytest.fixture
def volume(tmp_path):
    return DownwardVolume(tmp_path / "downward")


@pytest.fixture
def start(start_sidecar, volume):
    """start(game, **settings): a sidecar that takes the volume's orders."""
    return lambda a_game=None, **settings: start_sidecar(a_game, orders={"file": str(volume.order_file)}, **settings)


def sha256(body):
    return hashlib.sha256(body).hexdigest()


def order(path, version, url, **fields):
    return {path: {"version": version, "url": url, **fields}}


def write(volume, *orders):
    volume.write(desired=json.dumps({path: what for each in orders for path, what in each.items()}))


def live(sidecar, path="a.txt"):
    return sidecar.status()["live"].get(path, {}).get("version")


def wait_live(sidecar, version, path="a.txt"):
    wait_until(lambda: live(sidecar, path) == version, f"{path} is {version}: {sidecar.log()}")


def at(seconds):
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def not_found_after(go):
    def handler(request):
        go.wait(20)
        request.send_response(404)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return handler


def results(sidecar):
    return [(each["version"], each["result"]) for each in sidecar.status()["results"]]


def message(sidecar):
    answer = sidecar.get("/readyz")
    assert answer.status == 200, answer
    return answer.json["message"]


def malformed(sidecar):
    return float(re.search(r"^okg_hot_update_orders_malformed (\S+)", sidecar.get("/metrics").body.decode(), re.M).group(1))


def test_an_order_is_carried_out_and_the_same_order_is_nothing(start, volume, source, game, shared):
    sidecar = start(game)
    ordered = order("a.txt", "v2", source.put("/a.txt", b"two"), by="rollout.1")
    write(volume, ordered)
    wait_live(sidecar, "v2")
    assert (shared / "a.txt").read_bytes() == b"two"
    assert game.wait_for(1) == 1
    write(volume, ordered)
    volume.write(desired=json.dumps(ordered, indent=4))
    write(volume, ordered, order("b.txt", "v1", source.put("/b.txt", b"b")))
    wait_live(sidecar, "v1", "b.txt")
    assert results(sidecar) == [("v2", "Succeeded"), ("v1", "Succeeded")]
    assert game.wait_for(2) == 2


def test_what_is_live_already_is_neither_downloaded_nor_notified(start, volume, source, game):
    sidecar = start(game)
    url = source.put("/a.txt", b"two")
    assert sidecar.update("v2", url).status == 200
    requests = len(source.requests)
    write(volume, order("a.txt", "v2", url, sha256=sha256(b"two"), by="x"), order("b.txt", "v1", source.put("/b.txt", b"b")))
    wait_live(sidecar, "v1", "b.txt")
    assert [path for path, _ in source.requests[requests:]] == ["/b.txt"]
    assert game.wait_for(2) == 2


def test_the_former_order_comes_back_from_kept_content_without_its_source(start, volume, source, shared):
    sidecar = start()
    former = order("a.txt", "v1", source.put("/v1/a.txt", b"one"), sha256=sha256(b"one"))
    write(volume, former)
    wait_live(sidecar, "v1")
    write(volume, order("a.txt", "v2", source.put("/v2/a.txt", b"two"), sha256=sha256(b"two")))
    wait_live(sidecar, "v2")
    del source.answers["/v1/a.txt"]
    write(volume, former)
    wait_live(sidecar, "v1")
    assert (shared / "a.txt").read_bytes() == b"one"
    assert [path for path, _ in source.requests] == ["/v1/a.txt", "/v2/a.txt"]


def test_kept_content_that_was_spoilt_is_downloaded_instead(start, volume, source, shared):
    sidecar = start(loadPatchType="none")
    former = order("a.txt", "v1", source.put("/v1/a.txt", b"one"), sha256=sha256(b"one"))
    write(volume, former)
    wait_live(sidecar, "v1")
    write(volume, order("a.txt", "v2", source.put("/v2/a.txt", b"two"), sha256=sha256(b"two")))
    wait_live(sidecar, "v2")
    [kept] = (shared / ".okg-sidecar/kept").iterdir()
    kept.write_bytes(b"spoilt")
    write(volume, former)
    wait_live(sidecar, "v1")
    assert (shared / "a.txt").read_bytes() == b"one"
    assert source.requests[-1][0] == "/v1/a.txt"


def test_a_call_after_an_order_wins_until_the_text_changes_also_over_a_restart(start, volume, source):
    sidecar = start()
    ordered = order("a.txt", "v2", source.put("/v2/a.txt", b"two"))
    write(volume, ordered)
    wait_live(sidecar, "v2")
    assert sidecar.update("v3", source.put("/v3/a.txt", b"three"), path="a.txt").status == 200
    write(volume, ordered)
    sidecar.stop()
    sidecar.start()
    assert live(sidecar) == "v3"
    write(volume, order("a.txt", "v2", source.url("/v2/a.txt"), by="again"))
    wait_live(sidecar, "v2")


def test_an_order_that_was_asked_for_before_what_is_live_is_superseded(start, volume, source):
    sidecar = start()
    assert sidecar.update("v3", source.put("/v3/a.txt", b"three"), path="a.txt").status == 200
    old = order("a.txt", "v2", source.put("/v2/a.txt", b"two"), requestedAt=at(-3600))
    write(volume, old, order("b.txt", "v1", source.put("/b.txt", b"b")))
    wait_live(sidecar, "v1", "b.txt")
    assert live(sidecar) == "v3"
    write(volume, order("a.txt", "v2", source.url("/v2/a.txt"), requestedAt=at(+2)))
    wait_live(sidecar, "v2")


def test_a_pod_that_starts_with_an_order_is_not_ready_before_it_is_carried_out(start, volume, source, things):
    go = threading.Event()

    def slow(request):
        go.wait(20)
        request.send_response(200)
        request.send_header("Content-Length", "3")
        request.end_headers()
        request.wfile.write(b"two")

    source.put("/a.txt", b"", handler=slow)
    write(volume, order("a.txt", "v2", source.url("/a.txt"), requestedAt=at(-3600)))
    sidecar = start(wait_ready=False)
    wait_until(lambda: source.requests)
    answer = sidecar.get("/readyz")
    assert answer.status == 503, answer
    assert "carrying out the order of a.txt" in answer.json["message"], answer
    go.set()
    sidecar.wait_ready()
    assert live(sidecar) == "v2"


def test_an_order_whose_source_fails_leaves_the_pod_ready_and_is_tried_again_by_a_start(start, volume, source, shared):
    (shared / "a.txt").write_bytes(b"image")
    write(volume, order("a.txt", "v2", source.url("/a.txt")))
    sidecar = start()
    assert results(sidecar) == [("v2", "Failed")]
    assert (shared / "a.txt").read_bytes() == b"image"
    source.put("/a.txt", b"two")
    sidecar.stop()
    sidecar.start()
    assert live(sidecar) == "v2"


def test_content_that_was_lost_is_there_again_after_a_start(start, volume, source, shared):
    sidecar = start()
    write(volume, order("a.txt", "v2", source.put("/a.txt", b"two")))
    wait_live(sidecar, "v2")
    sidecar.stop()
    (shared / "a.txt").unlink()
    sidecar.start()
    assert (shared / "a.txt").read_bytes() == b"two"


def test_an_order_that_a_kill_interrupts_is_carried_out_by_the_next_start(start, volume, source, shared):
    go = threading.Event()
    source.put("/a.txt", b"", handler=lambda request: go.wait(20))
    write(volume, order("a.txt", "v2", source.url("/a.txt")))
    sidecar = start(wait_ready=False)
    wait_until(lambda: source.requests)
    sidecar.kill()
    go.set()
    source.put("/a.txt", b"two")
    sidecar.start()
    assert (shared / "a.txt").read_bytes() == b"two"


MALFORMED = {
    "no JSON": "{", "a list": "[1]", "text": '"v2"', "too long": json.dumps({"a.txt": {"version": "v2", "url": "http://h/" + "x" * 9000}}),
    "deep": "[" * 8000, "not UTF-8 in the end": '{"a.txt":{"version":"\\ud800"}}',
}


def test_a_malformed_order_changes_nothing_and_is_said(start, volume, source):
    sidecar = start()
    ordered = order("a.txt", "v1", source.put("/a.txt", b"one"))
    write(volume, ordered)
    wait_live(sidecar, "v1")
    for name, text in MALFORMED.items():
        volume.write(desired=text)
        wait_until(lambda: "malformed" in message(sidecar), name)
        wait_until(lambda: malformed(sidecar) == 1, name)
        assert "the order is malformed, and changes nothing" in sidecar.log(), name
        write(volume, ordered)
        wait_until(lambda: message(sidecar) == "")
        wait_until(lambda: malformed(sidecar) == 0, name)
        assert results(sidecar) == [("v1", "Succeeded")], name


BAD = {"unknown field": {"vresion": "v2"}, "no url": {"version": "v2"}, "a number": 7, "null": None, "a list": [1],
       "nested": {"version": {"a": 1}, "url": "http://h/a"}, "wait": {"version": "v2", "url": "http://h/a", "wait": True},
       "a version": {"version": "no/version", "url": "http://h/a"}, "a sum": {"version": "v2", "url": "http://h/a", "sha256": "12"},
       "the future": {"version": "v2", "url": "http://h/a", "requestedAt": "9999-01-01T00:00:00Z"}}


def test_a_bad_path_does_not_hold_up_the_others(start, volume, source):
    sidecar = start()
    for i, (name, bad) in enumerate(BAD.items()):
        version = f"v{i}"
        write(volume, {f"bad-{version}": bad}, order("good.txt", version, source.put(f"/{version}/good.txt", version.encode())),
              order(".okg-sidecar/journal", version, source.url("/x")))
        wait_live(sidecar, version, "good.txt")
        wait_until(lambda: f"the order of bad-{version} is malformed" in message(sidecar), name)
        wait_until(lambda: malformed(sidecar) == 1, name)
    assert {result for _, result in results(sidecar)} == {"Succeeded"}


def test_more_paths_than_calls_may_wait_are_all_carried_out(start, volume, source):
    sidecar = start(maxQueued=1)
    write(volume, *[order(f"{i}", "v1", source.put(f"/{i}", b"x%d" % i)) for i in range(30)])
    wait_until(lambda: len(sidecar.status()["live"]) == 30)


def test_a_newer_text_takes_the_place_of_one_that_waits(start, volume, source):
    go = threading.Event()

    sidecar = start()
    source.put("/slow", b"", handler=not_found_after(go))
    write(volume, order("slow", "v1", source.url("/slow")))
    wait_until(lambda: source.requests)
    for i in range(5):
        write(volume, order("a.txt", f"v{i}", source.put(f"/{i}/a.txt", b"%d" % i)))
        wait_until(lambda: f"version=v{i}" in sidecar.log())
    go.set()
    wait_live(sidecar, "v4")
    assert [path for path, _ in source.requests] == ["/slow", "/4/a.txt"]


def test_a_folder_that_is_missing_is_said_and_keeps_nothing_from_running(start_sidecar, tmp_path, source):
    sidecar = start_sidecar(orders={"file": str(tmp_path / "missing/desired")})
    assert "project the pod's annotation there" in message(sidecar)
    assert sidecar.update("v2", source.put("/a.txt", b"two")).status == 200


HOLD = {"label": "game.kruise.io/gs-opsState", "values": ["Allocated", "Maintaining"]}


def labels(state):
    return f'app="hot-update-gs"\ngame.kruise.io/gs-opsState="{state}"\n'


def test_an_order_waits_while_the_game_has_players_and_a_call_does_not(start_sidecar, volume, source):
    volume.write(labels=labels("Allocated"))
    sidecar = start_sidecar(orders={"file": str(volume.order_file), "holdWhile": HOLD})
    write(volume, order("a.txt", "v2", source.put("/a.txt", b"two")))
    wait_until(lambda: "the order waits" in sidecar.log())
    assert "reason=OrderOnHold" in sidecar.log()
    assert sidecar.update("v1", source.put("/b.txt", b"one")).status == 200
    volume.write(labels=labels("Maintaining"))
    wait_until(lambda: "is Maintaining" in sidecar.log())
    assert live(sidecar) is None
    assert live(sidecar, "b.txt") == "v1"
    volume.write(labels=labels("None"))
    wait_live(sidecar, "v2")


def test_an_order_that_waits_for_its_turn_when_players_come_does_not_begin(start_sidecar, volume, source):
    go = threading.Event()
    volume.write(labels=labels("None"))
    sidecar = start_sidecar(orders={"file": str(volume.order_file), "holdWhile": HOLD})
    source.put("/slow", b"", handler=not_found_after(go))
    write(volume, order("0", "v1", source.url("/slow")))
    wait_until(lambda: source.requests)
    write(volume, order("a.txt", "v2", source.put("/a.txt", b"two")))
    wait_until(lambda: "version=v2" in sidecar.log())
    volume.write(labels=labels("Allocated"))
    go.set()
    wait_until(lambda: "the order waits" in sidecar.log())
    assert live(sidecar) is None
    volume.write(labels="")
    wait_live(sidecar, "v2")


def test_labels_that_are_not_projected_hold_orders_and_that_is_said(start_sidecar, volume, source):
    sidecar = start_sidecar(orders={"file": str(volume.order_file), "holdWhile": HOLD})
    write(volume, order("a.txt", "v2", source.put("/a.txt", b"two")))
    wait_until(lambda: "the pod's labels cannot be read" in sidecar.log())
    assert live(sidecar) is None
    volume.write(labels='app="x"\n')
    wait_live(sidecar, "v2")


def health(sidecar, *argv):
    return subprocess.run([BINARY, "--config", sidecar.config_file, "health", *argv], capture_output=True, text=True, timeout=30)


def test_a_pod_whose_port_is_closed_takes_orders_and_is_probed_by_exec(start_sidecar, volume, source):
    [port] = free_ports(1)
    sidecar = start_sidecar(host={"listen": f"127.0.0.1:{port}"}, orders={"file": str(volume.order_file)})
    write(volume, order("a.txt", "v2", source.put("/a.txt", b"two")))
    wait_live(sidecar, "v2")
    assert (health(sidecar).returncode, health(sidecar).stdout) == (0, '{"status":"ok"}\n')
    assert health(sidecar, "--ready").returncode == 0
    assert '"status":"ready"' in health(sidecar, "--ready").stdout
    sidecar.stop()
    gone = health(sidecar)
    assert gone.returncode == 1
    assert "okg-sidecar health: " in gone.stderr
    sidecar.config_file.write_text("plugins: 7")
    assert health(sidecar).returncode == 64


def wakeups(process):
    total = 0
    for task in (process / "task").iterdir():
        counts = dict(re.findall(r"(\w*ctxt_switches):\s+(\d+)", (task / "status").read_text()))
        total += int(counts["voluntary_ctxt_switches"])
    return total


@pytest.mark.skipif(SANITIZED, reason="a sanitizer's runtime wakes up by itself")
def test_an_idle_sidecar_that_takes_orders_does_not_wake_up(start, volume, source):
    sidecar = start()
    write(volume, order("a.txt", "v2", source.put("/a.txt", b"two")))
    wait_live(sidecar, "v2")
    process = pathlib.Path(f"/proc/{sidecar.process.pid}")
    before = wait_until(lambda: (count := wakeups(process)) == (time.sleep(0.3) or wakeups(process)) and count)
    time.sleep(2)
    assert wakeups(process) == before
