"""SIGTERM in every stage of an update with a large file: it is finished or undone in time, its caller is answered, and nothing is left."""

import os
import signal
import socket
import threading
import time

import pytest
from game import Nginx
from sidecar import SANITIZED
from source import Answer, Source, gated
from waiting import wait_until

SIZE = 300 * 1000 * 1000
GRACE = 20


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    with open(folder / "index.html", "wb") as file:
        block = os.urandom(1 << 20)
        while file.tell() < SIZE:
            file.write(block)
        file.truncate(SIZE)
    yield folder
    (folder / "index.html").unlink()


@pytest.fixture
def large_url(large_file, things, tmp_path):
    things.append(Nginx(tmp_path / "large-source", large_file))
    return f"http://127.0.0.1:{things[-1].port}/index.html"


def stop_in_stage(sidecar, stage, url):
    """Sends SIGTERM twice as soon as the update is in that stage; returns its caller's answer and the seconds until the exit."""
    answers = []
    caller = threading.Thread(target=lambda: answers.append(sidecar.update("v2", url)))
    caller.start()

    def is_there():
        under_way = sidecar.status()["underWay"]
        return under_way and under_way["stage"] == stage

    wait_until(is_there, what=f"the update is in stage {stage}")
    begun = time.monotonic()
    sidecar.process.send_signal(signal.SIGTERM)
    assert sidecar.stop(60) == 0, sidecar.log()
    seconds = time.monotonic() - begun
    caller.join()
    assert seconds < GRACE + 2
    return answers[0]


def assert_clean(shared):
    assert not list((shared / ".okg-sidecar" / "staging").iterdir())


def assert_undone(answer, stage, shared, game):
    assert answer.status == 503, answer
    assert answer.json["stage"] == stage, answer
    assert (shared / "index.html").read_bytes() == b"V1"
    assert_clean(shared)


@pytest.fixture
def old_content(shared):
    (shared / "index.html").write_bytes(b"V1")


def test_in_fetch_the_download_is_given_up(old_content, game, large_url, start_sidecar, shared):
    sidecar = start_sidecar(game, download={"maxBytesPerSecond": "20Mi"})
    assert_undone(stop_in_stage(sidecar, "fetch", large_url), "fetch", shared, game)
    assert game.count() == 0
    sidecar.start()
    assert sidecar.status()["results"][-1]["result"] == "Failed"
    assert sidecar.update("v2", large_url).status == 200


def test_an_update_that_waits_is_refused_and_was_not_begun(old_content, source, start_sidecar, shared):
    sidecar = start_sidecar()
    gate, url = gated(source, "/gated")
    other = source.put("/other", b"other")
    answers = {}

    def update(name, url):
        answers[name] = sidecar.update(name, url, path=name)

    callers = [threading.Thread(target=update, args=each) for each in [("first", url), ("waits", other)]]
    callers[0].start()
    assert gate.reached.wait(20)
    callers[1].start()
    wait_until(lambda: sidecar.status()["queued"], what="the second one waits")
    assert sidecar.stop() == 0, sidecar.log()
    for caller in callers:
        caller.join(20)
    gate.open.set()
    assert answers["waits"].status == 503, answers
    assert answers["waits"].json["result"] == "Failed"
    assert answers["waits"].json["reason"] == "Stopping", answers
    assert "had not begun; send it again" in answers["waits"].json["message"]
    assert not (shared / "waits").exists()
    sidecar.start()
    assert [result["version"] for result in sidecar.status()["results"]] == ["first"]


@pytest.mark.skipif(SANITIZED, reason="a sanitizer's runtime and strace both want to trace")
def test_in_publish_the_update_is_finished_or_undone(old_content, game, large_url, start_sidecar, shared, tmp_path):
    sidecar = start_sidecar(game)
    assert sidecar.stop() == 0
    # A slow disk: every fsync takes two seconds. -D leaves the sidecar our own child, so that the signals reach it.
    plain = sidecar.argv
    sidecar.argv = ["strace", "-D", "-f", "-qq", "-o", str(tmp_path / "trace"), "-e", "trace=fsync",
                    "-e", "inject=fsync:delay_enter=2s", *plain]
    sidecar.start()
    answer = stop_in_stage(sidecar, "publish", large_url)
    assert answer.status in (200, 503), answer
    if answer.status == 200:
        assert (shared / "index.html").stat().st_size == SIZE
        assert game.count() == 1
    else:
        assert (shared / "index.html").read_bytes() == b"V1"
    assert_clean(shared)
    sidecar.argv = plain
    sidecar.start()
    assert sidecar.status()["results"][-1]["result"] in (["Succeeded"] if answer.status == 200 else ["Failed", "RolledBack"])


def test_in_trigger_the_old_content_comes_back(old_content, large_url, start_sidecar, shared):
    sidecar = start_sidecar(signal={"processName": "no such game", "signalName": "HUP", "waitSeconds": 300}, loadPatchType="signal")
    answer = stop_in_stage(sidecar, "trigger", large_url)
    assert answer.status == 500, answer
    assert answer.json["stage"] == "trigger", answer
    assert "old content is live again" in answer.json["message"], answer
    assert (shared / "index.html").read_bytes() == b"V1"
    assert_clean(shared)


def test_in_confirm_the_old_content_comes_back_and_the_game_is_notified(old_content, game, large_url, start_sidecar, shared, things):
    endpoint = Source()
    things.append(endpoint)
    endpoint.answers["/health"] = Answer(status=503)
    sidecar = start_sidecar(game, confirm={"http": {"url": endpoint.url("/health")}, "timeoutSeconds": 300})
    answer = stop_in_stage(sidecar, "confirm", large_url)
    assert_undone(answer, "confirm", shared, game)
    assert answer.json["result"] == "RolledBack"
    assert game.wait_for(2) == 2


def test_in_record_what_could_not_be_written_stays_in_the_journal(old_content, game, large_url, start_sidecar, shared, tmp_path):
    account = tmp_path / "service-account"
    account.mkdir()
    for name in ("token", "ca.crt", "namespace"):
        (account / name).write_text("default")
    with socket.socket() as silent:  # an API server that takes connections and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        env = {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(silent.getsockname()[1])}
        sidecar = start_sidecar(game, host={"shutdownGraceSeconds": 3}, env=env, wait_ready=False, storageConfig={"type": "InKube"},
                                more_argv=["--service-account-dir", account])
        wait_until(lambda: "plugin started" in sidecar.log(), "an update is taken, and not answered with 503")
        answers = []
        caller = threading.Thread(target=lambda: answers.append(sidecar.update("v2", large_url)))
        caller.start()
        wait_until(lambda: game.count() == 1, what="the game is told")
        wait_until(lambda: sidecar.status()["results"], what="the update ended")
        begun = time.monotonic()
        assert sidecar.stop(60) == 0
        assert time.monotonic() - begun < 3 + 2
        caller.join()
        answer, = answers
        assert answer.status == 200, answer
        assert answer.json["recorded"] is False, answer
        assert answer.json["recordError"], answer
        assert (shared / "index.html").stat().st_size == SIZE
        sidecar.start(wait_ready=False)
        wait_until(lambda: sidecar.get("/hot-update").status == 200, what="hot_update runs")
        assert sidecar.status()["results"][-1]["recorded"] is False
