"""The ways in which a game is told: its own reload endpoint, or not at all; and a game that is restarting just now."""

import signal
import subprocess
import sys
import threading

import pytest
import yaml
from game import SignalCounter
from sidecar import BINARY
from source import Answer, Source
from waiting import free_ports, wait_until


@pytest.fixture
def endpoint(things):
    things.append(Source())
    things[-1].answers["/reload"] = Answer(b"reloaded")
    return things[-1]


def settings(port, **more):
    return {"loadPatchType": "request", "request": {"port": port, "path": "/reload", "method": "GET", **more}}


def test_the_games_own_endpoint_is_called_once(endpoint, source, start_sidecar, shared):
    sidecar = start_sidecar(**settings(endpoint.port, headers={"X-Token": "secret"}))
    answer = sidecar.update("v2", source.put("/a", b"V2"))
    assert answer.status == 200, answer
    assert "answered 200" in answer.json["message"], answer
    (path, headers), = endpoint.requests
    assert path == "/reload"
    assert headers["X-Token"] == "secret"
    assert (shared / "a").read_bytes() == b"V2"


def test_a_post_with_a_body_and_another_status_is_sent_as_configured(endpoint, source, start_sidecar):
    bodies = []

    def handler(request):
        bodies.append(request.rfile.read(int(request.headers["Content-Length"])))
        request.send_response(204)
        request.end_headers()

    endpoint.on_post = handler
    sidecar = start_sidecar(**settings(endpoint.port, method="POST", body="reload=1", expectedStatusCode=204))
    assert sidecar.update("v2", source.put("/a", b"V2")).status == 200
    assert bodies == [b"reload=1"]


def test_an_endpoint_that_refuses_gets_the_old_content_back(endpoint, source, start_sidecar, shared):
    (shared / "a").write_bytes(b"V1")
    endpoint.answers["/reload"] = Answer(b"cannot parse map", status=500)
    sidecar = start_sidecar(**settings(endpoint.port))
    answer = sidecar.update("v2", source.put("/a", b"V2"))
    assert answer.status == 500, answer
    assert answer.json["stage"] == "trigger", answer
    assert answer.json["result"] == "Failed", answer
    assert "answered 500, not 200" in answer.json["message"]
    assert "cannot parse map" in answer.json["message"]
    assert answer.json["reason"] == "ReloadRefused", answer
    assert (shared / "a").read_bytes() == b"V1"


def test_an_endpoint_that_hangs_is_given_up(endpoint, source, start_sidecar, shared):
    hold = threading.Event()
    endpoint.answers["/reload"] = Answer(handler=lambda handler: hold.wait(60))
    sidecar = start_sidecar(**settings(endpoint.port, timeoutSeconds=0.5))
    answer = sidecar.update("v2", source.put("/a", b"V2"))
    hold.set()
    assert answer.status == 500, answer
    assert answer.json["reason"] == "GameUnreachable", answer
    assert answer.json["stage"] == "trigger", answer
    assert not (shared / "a").exists(), answer


def test_an_endpoint_that_is_not_there_yet_is_waited_for(source, start_sidecar, things):
    port, = free_ports(1)
    sidecar = start_sidecar(**settings(port, timeoutSeconds=20))
    sidecar.update("v2", source.put("/a", b"V2"), wait="false")
    wait_until(lambda: sidecar.status()["underWay"] and sidecar.status()["underWay"]["stage"] == "trigger", what="it is being told")
    late = Source(port=port)
    things.append(late)
    late.answers["/reload"] = Answer(b"ok")
    wait_until(lambda: sidecar.status()["results"], what="it ended")
    assert sidecar.status()["results"][-1]["result"] == "Succeeded"
    assert late.requests


def test_nobody_is_notified_when_the_game_watches_its_files(source, start_sidecar, shared):
    answer = start_sidecar(loadPatchType="none").update("v2", source.put("/a", b"V2"))
    assert answer.status == 200
    assert "was not notified" in answer.json["message"]
    assert (shared / "a").read_bytes() == b"V2"


def test_a_game_that_is_restarting_just_now_is_waited_for(things, tmp_path, game, source, start_sidecar):
    game.stop()
    sidecar = start_sidecar(signal={"processName": str(tmp_path / "late"), "signalName": "USR1", "waitSeconds": 30}, loadPatchType="signal")
    sidecar.update("v2", source.put("/a", b"V2"), wait="false")
    wait_until(lambda: sidecar.status()["underWay"] and sidecar.status()["underWay"]["stage"] == "trigger", what="it is being told")
    things.append(SignalCounter(tmp_path / "late"))
    things[-1].wait_for(1)
    wait_until(lambda: sidecar.status()["results"], what="it ended")
    assert sidecar.status()["results"][-1]["result"] == "Succeeded"


def test_a_start_after_the_main_container_waits_for_the_game(things, tmp_path, source, start_sidecar, shared):
    first = SignalCounter(tmp_path / "game")
    things.append(first)
    settings = {"processName": str(tmp_path / "game"), "signalName": "USR1", "waitSeconds": 0.1}
    sidecar = start_sidecar(host={"sidecarStartOrder": "After"}, loadPatchType="signal", signal=settings)
    assert sidecar.update("v1", source.put("/a", b"1")).status == 200
    sidecar.kill()
    first.stop()
    (shared / "a").unlink()
    sidecar.start(wait_ready=False)
    wait_until(lambda: "no process matches" in sidecar.get("/readyz").json["message"], "the start looks for the game")
    second = SignalCounter(tmp_path / "game")
    things.append(second)
    sidecar.wait_ready()
    assert second.wait_for(1) == 1
    assert (shared / "a").read_bytes() == b"1"


WAITS = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
print("ready", flush=True)
while True:
    signal.sigwait({signal.SIGUSR1})
    print("told", flush=True)
"""


def test_a_game_that_waits_for_its_signal_is_notified_when_the_handler_is_not_looked_for(source, start_sidecar):
    with subprocess.Popen([sys.executable, "-c", WAITS, "waiting-game"], stdout=subprocess.PIPE, text=True) as game:
        try:
            assert game.stdout.readline() == "ready\n"
            settings = {"processName": "waiting-game", "signalName": "USR1", "waitSeconds": 0.5}
            sidecar = start_sidecar(loadPatchType="signal", signal=settings)
            answer = sidecar.update("v1", source.put("/a", b"1"))
            assert answer.status == 200 or "signal.checkHandler: false" in answer.json["message"], answer
            sidecar.stop()
            sidecar = start_sidecar(loadPatchType="signal", signal={**settings, "checkHandler": False})
            assert sidecar.update("v2", source.put("/a", b"2")).status == 200
            assert game.stdout.readline() == "told\n"
        finally:
            game.kill()


@pytest.mark.parametrize("name", ["SIGUSR2", "usr2", "12", "SIGRTMIN+3"])
def test_every_signal_by_its_name_or_number(things, tmp_path, source, start_sidecar, name):
    number = signal.SIGRTMIN + 3 if name.startswith("SIGRT") else signal.SIGUSR2
    game = SignalCounter(tmp_path / "other", number)
    things.append(game)
    sidecar = start_sidecar(game, signal={"signalName": name})
    assert sidecar.update("v2", source.put("/a", b"V2")).status == 200
    assert game.wait_for(1) == 1


@pytest.mark.parametrize("change, expected", [({"port": None}, "port"), ({"path": "reload"}, "slash"), ({"method": "P OST"}, "method"),
                                              ({"prot": 1}, "did you mean port")])
def test_a_request_that_cannot_be_sent_is_a_wrong_configuration(tmp_path, change, expected):
    request = {"port": 80, "path": "/reload", "method": "GET", **change}
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump({"plugins": [{"name": "hot_update", "config": {"loadPatchType": "request", "request": request}}]}))
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 64, answer
    assert expected in answer.stderr, answer
