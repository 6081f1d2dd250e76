"""A game that is not well after an update gets its old content back."""

import socket

import pytest
from game import SignalCounter
from source import Answer, Source
from waiting import free_ports, wait_until

HTTP = {"timeoutSeconds": 1, "intervalMilliseconds": 50}


def confirm_page(nginx, text, **more):
    return {**HTTP, "http": {"url": f"http://127.0.0.1:{nginx.port}/index.html", "bodyContains": text}, **more}


def test_an_update_is_confirmed_by_the_page_that_the_game_shows(nginx, source, start_sidecar):
    sidecar = start_sidecar(nginx, confirm=confirm_page(nginx, "V2"))
    answer = sidecar.update("v2", source.put("/index.html", b"<html>V2</html>"))
    assert answer.status == 200, answer
    assert "the game is healthy" in answer.json["message"], answer
    assert "confirmMs" in sidecar.status()["results"][-1]["stages"]


def test_a_game_that_is_not_healthy_gets_the_old_content_back_and_is_notified_again(nginx, source, start_sidecar):
    sidecar = start_sidecar(nginx, confirm=confirm_page(nginx, "V"))
    assert sidecar.update("v2", source.put("/index.html", b"<html>V2</html>")).status == 200
    workers = nginx.workers()
    answer = sidecar.update("v3", source.put("/index.html", b"<html>broken</html>"))
    assert answer.status == 500, answer
    assert answer.json["result"] == "RolledBack", answer
    assert answer.json["stage"] == "confirm", answer
    message = answer.json["message"]
    assert "does not contain 'V'" in message
    assert "old content is live again" in message
    assert message.count("SIGHUP sent") == 2
    assert nginx.get() == b"<html>V2</html>"
    wait_until(lambda: not set(nginx.workers()) & set(workers), what="the workers are renewed")
    status = sidecar.status()
    assert status["live"]["index.html"]["version"] == "v2"
    assert status["results"][-1]["recorded"] is True
    assert status["kept"] == {"index.html": ["original"]}
    assert 'okg_hot_update_updates_total{result="RolledBack"} 1' in sidecar.get("/metrics").body.decode()


def test_a_first_update_with_nothing_to_go_back_to_is_removed(nginx, source, start_sidecar, shared):
    url = f"http://127.0.0.1:{nginx.port}/map.json"
    sidecar = start_sidecar(nginx, confirm={**HTTP, "http": {"url": url, "expectedStatusCode": 404}})
    answer = sidecar.update("v1", source.put("/map.json", b"{}"))
    assert answer.json["result"] == "RolledBack", answer
    assert "answered 200, not 404" in answer.json["message"], answer
    assert "there was no content before, so the file was removed" in answer.json["message"]
    assert not (shared / "map.json").exists()
    assert "map.json" not in sidecar.status()["live"]


def test_a_port_that_takes_connections_confirms(game, source, start_sidecar, things):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = "127.0.0.1:%d" % listener.getsockname()[1]
        sidecar = start_sidecar(game, confirm={**HTTP, "tcp": {"address": address}})
        assert sidecar.update("v1", source.put("/a", b"1")).status == 200
    answer = sidecar.update("v2", source.put("/a", b"2"))
    assert answer.json["result"] == "RolledBack", answer
    assert address in answer.json["message"], answer


DIES_OF_RELOAD = "import os, signal, sys; signal.signal(signal.SIGUSR1, lambda *_: os._exit(1)); open(sys.argv[1], 'w').close()\nwhile True: signal.pause()"


class DyingGame(SignalCounter):
    """Ends when it is told to reload."""

    def __init__(self, folder):
        import subprocess
        import sys

        folder.mkdir()
        self.notes = folder / "dying"
        self.process = subprocess.Popen([sys.executable, "-c", DIES_OF_RELOAD, str(self.notes)])
        wait_until(self.notes.exists, what="the game is ready")


def test_a_game_that_dies_of_the_update_starts_again_on_the_old_content(things, tmp_path, source, start_sidecar, shared):
    (shared / "a").write_bytes(b"V1")
    things.append(DyingGame(tmp_path / "dying"))
    sidecar = start_sidecar(things[-1], confirm={"processAliveSeconds": 1, "timeoutSeconds": 2})
    answer = sidecar.update("v2", source.put("/a", b"V2"))
    assert answer.status == 500, answer
    assert answer.json["result"] == "RolledBack", answer
    assert "ended after SIGUSR1" in answer.json["message"]
    assert (shared / "a").read_bytes() == b"V1"


def test_a_game_has_to_live_for_a_while(game, source, start_sidecar):
    sidecar = start_sidecar(game, confirm={"processAliveSeconds": 0.5, "timeoutSeconds": 2})
    answer = sidecar.update("v2", source.put("/a", b"V2"))
    assert answer.status == 200
    assert sidecar.status()["results"][-1]["stages"]["confirmMs"] >= 500


def test_a_game_that_becomes_healthy_in_time_is_healthy(game, source, start_sidecar, things):
    endpoint = Source()
    things.append(endpoint)
    endpoint.answers["/health"] = [Answer(status=503), Answer(status=503), Answer(b"ok")]
    sidecar = start_sidecar(game, confirm={"http": {"url": endpoint.url("/health")}, "timeoutSeconds": 20, "intervalMilliseconds": 10})
    assert sidecar.update("v2", source.put("/a", b"V2")).status == 200
    assert len(endpoint.requests) == 4


def test_a_forced_update_of_the_same_content_is_confirmed_too(game, source, start_sidecar):
    port, = free_ports(1)
    sidecar = start_sidecar(game)
    url = source.put("/a", b"1")
    sidecar.update("v1", url)
    sidecar.stop()
    sidecar.config_file.write_text(sidecar.config_file.read_text().replace(
        "    fileDir", f"    confirm: {{tcp: {{address: '127.0.0.1:{port}'}}, timeoutSeconds: 0.2}}\n    fileDir"))
    sidecar.start()
    answer = sidecar.update("v1", url, force="true")
    assert answer.status == 500, answer
    assert answer.json["stage"] == "confirm", answer
    assert sidecar.status()["live"]["a"]["version"] == "v1", answer


@pytest.mark.parametrize(
    "confirm, expected",
    [
        ({"processAliveSeconds": 5, "timeoutSeconds": 1}, "longer than timeoutSeconds"),
        ({"http": {"url": "ftp://h/"}}, "http or https"),
        ({"http": {}}, "is missing"),
        ({"tcp": {"address": "80"}}, "IP:PORT"),
    ],
)
def test_a_confirmation_that_could_never_work_is_a_wrong_configuration(tmp_path, confirm, expected):
    import subprocess

    import yaml
    from sidecar import BINARY

    file = tmp_path / "config.yaml"
    settings = {"signal": {"processName": "game", "signalName": "HUP"}, "confirm": confirm}
    file.write_text(yaml.safe_dump({"plugins": [{"name": "hot_update", "config": settings}]}))
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 64, answer
    assert expected in answer.stderr, answer


def test_a_start_does_not_try_content_again_and_again_that_the_game_is_not_healthy_on(game, source, start_sidecar, shared, things):
    endpoint = Source()
    things.append(endpoint)
    endpoint.answers["/health"] = Answer(b"ok")
    sidecar = start_sidecar(game, confirm={**HTTP, "http": {"url": endpoint.url("/health")}})
    assert sidecar.update("v1", source.put("/a", b"1")).status == 200
    game.wait_for(1)
    sidecar.kill()
    (shared / "a").unlink()
    endpoint.answers["/health"] = Answer(status=503)
    sidecar.start(wait_ready=False)
    wait_until(lambda: len(sidecar.status()["results"]) == 2, "the start gave up")
    last = sidecar.status()["results"][-1]
    assert last["result"] == "RolledBack", last
    wait_until(lambda: "restoring a failed" in sidecar.get("/readyz").json["message"], "it says so")
    assert game.wait_for(3) == 3
    assert not (shared / "a").exists()
    endpoint.answers["/health"] = Answer(b"ok")
    assert sidecar.update("v2", source.put("/a", b"2")).status == 200
    assert sidecar.get("/readyz").status == 200
    assert game.wait_for(4) == 4


def test_a_start_says_that_it_finishes_what_the_last_one_left(game, source, start_sidecar, things):
    things.append(endpoint := Source())
    endpoint.answers["/health"] = Answer(status=503)
    confirm = {**HTTP, "timeoutSeconds": 60, "http": {"url": endpoint.url("/health")}}
    sidecar = start_sidecar(game, confirm=confirm)
    sidecar.update("v1", source.put("/a", b"1"), wait="false")
    wait_until(lambda: (sidecar.status()["underWay"] or {}).get("stage") == "confirm", "the game is asked")
    sidecar.kill()
    sidecar.start(wait_ready=False)
    said = "hot_update: finishing the update that the last start left in progress"
    wait_until(lambda: sidecar.wait_not_ready("Restoring").json["message"] == said, "it has begun")
    endpoint.answers["/health"] = Answer(b"ok")
    sidecar.wait_ready()
    assert sidecar.status()["results"][-1]["result"] == "Succeeded"
