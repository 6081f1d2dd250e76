"""What becomes of real games when they are notified, runtime by runtime: nobody answers Succeeded for a game that ended."""

import json
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

import pytest
import yaml
from game import Nginx, children_of
from runtimes import RUNTIMES, PlainGame
from sidecar import BINARY, ROOT
from source import Answer, Source
from waiting import free_ports, wait_until

SIGNALS = [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2]
# What a game that does not ask for the signal does with it: what its runtime does.
BY_DEFAULT = {
    ("C", "SIGHUP"): "not sent", ("C", "SIGUSR1"): "not sent", ("C", "SIGUSR2"): "not sent",
    ("Go", "SIGHUP"): "ends", ("Go", "SIGUSR1"): "nothing", ("Go", "SIGUSR2"): "nothing",
    ("Python", "SIGHUP"): "not sent", ("Python", "SIGUSR1"): "not sent", ("Python", "SIGUSR2"): "not sent",
    ("Node.js", "SIGHUP"): "not sent", ("Node.js", "SIGUSR1"): "nothing", ("Node.js", "SIGUSR2"): "not sent",
    ("Java", "SIGHUP"): "ends", ("Java", "SIGUSR1"): "not sent", ("Java", "SIGUSR2"): "ends",
    ("Lua", "SIGHUP"): "not sent", ("Lua", "SIGUSR1"): "not sent", ("Lua", "SIGUSR2"): "not sent",
}


@pytest.fixture
def start_game(things, tmp_path):
    def start(*arguments, **more):
        things.append(PlainGame(tmp_path / "game", *arguments, **more))
        return things[-1]

    return start


@pytest.fixture
def old_content(shared):
    (shared / "map.json").write_bytes(b"V1")
    return shared / "map.json"


def sidecar_for(start_sidecar, name, signal_name, **more):
    settings = {"processName": name, "signalName": signal_name, "waitSeconds": 0.2, **more.pop("signal", {})}
    return start_sidecar(loadPatchType="signal", signal=settings, **more)


def update(sidecar, source, version="v2", body=b"V2"):
    return sidecar.update(version, source.put("/map.json", body))


def assert_reverted(answer, old_content):
    assert answer.status == 500, answer
    assert answer.json["result"] in ("Failed", "RolledBack"), answer
    assert "the old content is live again" in answer.json["message"], answer
    assert old_content.read_bytes() == b"V1"


@pytest.mark.parametrize("runtime, signal_name", BY_DEFAULT)
def test_a_game_that_does_not_ask_for_the_signal(start_game, start_sidecar, source, old_content, runtime, signal_name):
    expected = BY_DEFAULT[runtime, signal_name]
    game = start_game(runtime)
    sidecar = sidecar_for(start_sidecar, game.process_name, signal_name)
    answer = update(sidecar, source)
    if expected == "nothing":  # the runtime handles it without telling the game: /proc shows nothing else, and it lives
        assert answer.status == 200, answer
        assert game.lives(), answer
        return
    assert_reverted(answer, old_content)
    assert signal_name in answer.json["message"], answer
    if expected == "not sent":
        assert game.lives(), answer
        assert "not sent" in answer.json["message"], answer
        assert answer.json["reason"] == "SignalNotHandled", answer
        return
    assert not game.lives(), answer
    assert f"process {game.process.pid}" in answer.json["message"], answer
    assert f"ended after {signal_name}" in answer.json["message"], answer
    assert answer.json["reason"] == "GameEnded", answer
    assert runtime in answer.json["message"], answer
    assert sidecar.status()["live"].get("map.json", {}).get("version") != "v2"


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_game_that_asks_for_the_signal(start_game, start_sidecar, source, old_content, runtime, number):
    game = start_game(runtime, number)
    answer = update(sidecar_for(start_sidecar, game.process_name, signal.Signals(number).name), source)
    assert answer.status == 200, answer
    assert answer.json["result"] == "Succeeded", answer
    assert game.wait_for(1) == 1
    assert game.lives()
    assert old_content.read_bytes() == b"V2"


def runtime_table():
    """docs/games.md: runtime -> cells of SIGHUP, SIGUSR1, SIGUSR2."""
    text = (ROOT / "docs" / "games.md").read_text()
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \| ", text, re.MULTILINE)
    return {name: cells for name, *cells in rows}


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_table_in_the_docs_says_what_each_runtime_does(start_game, runtime):
    cells = runtime_table()[runtime]
    for number, cell in zip(SIGNALS, cells):
        game = start_game(runtime)
        os.kill(game.process.pid, number)
        try:
            game.process.wait(1)
            does = "ends"
        except subprocess.TimeoutExpired:
            does = "lives"
        assert cell.startswith(does), (runtime, number, cell)


@pytest.mark.parametrize("runtime, signal_name", [("Go", "SIGHUP"), ("Java", "SIGHUP")])
def test_a_port_that_somebody_else_answers_does_not_make_a_dead_game_healthy(
        start_game, start_sidecar, source, old_content, runtime, signal_name):
    game = start_game(runtime)
    with socket.socket() as listener:  # a front door, a player's session: it takes connections whatever becomes of the game
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        confirm = {"tcp": {"address": "127.0.0.1:%d" % listener.getsockname()[1]}, "timeoutSeconds": 5}
        answer = update(sidecar_for(start_sidecar, game.process_name, signal_name, confirm=confirm), source)
    assert_reverted(answer, old_content)
    assert "healthy" not in answer.json["message"] or "not healthy" in answer.json["message"], answer


ENDS_LATER = """
import os, signal, sys, threading
def end(*_):
    threading.Timer(float(sys.argv[2]), os._exit, [3]).start()
signal.signal(signal.SIGUSR1, end)
open(sys.argv[1], "w").close()
while True:
    signal.pause()
"""


class EndsLater:
    """A game that takes the signal, reads the new content, and ends of that `seconds` later."""

    def __init__(self, folder, seconds):
        folder.mkdir()
        self.notes = folder / "ends-later"
        self.process = subprocess.Popen([sys.executable, "-c", ENDS_LATER, str(self.notes), str(seconds)])
        self.process_name = str(self.notes)
        wait_until(self.notes.exists, what="the game is ready")

    def stop(self):
        self.process.kill()
        self.process.wait(20)


def test_a_game_that_ends_a_moment_after_it_took_the_signal(things, tmp_path, start_sidecar, source, old_content):
    things.append(EndsLater(tmp_path / "game", 0.15))
    answer = update(sidecar_for(start_sidecar, things[-1].process_name, "SIGUSR1"), source)
    assert_reverted(answer, old_content)
    assert "ended after SIGUSR1" in answer.json["message"], answer
    assert answer.json["reason"] == "GameEnded", answer


def test_settle_milliseconds_says_for_how_long_it_is_watched(things, tmp_path, start_sidecar, source, old_content):
    things.append(EndsLater(tmp_path / "game", 1.0))
    sidecar = sidecar_for(start_sidecar, things[-1].process_name, "SIGUSR1", signal={"settleMilliseconds": 3_000})
    assert_reverted(update(sidecar, source), old_content)


def test_settle_milliseconds_0_is_for_games_that_restart_to_reload(start_game, start_sidecar, source, old_content):
    game = start_game()
    sidecar = sidecar_for(start_sidecar, game.process_name, "SIGTERM", signal={"settleMilliseconds": 0})
    assert update(sidecar, source).status == 200
    assert game.process.wait(20) == -signal.SIGTERM
    assert old_content.read_bytes() == b"V2"


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGKILL", "SIGINT"])
def test_a_signal_that_can_only_end_the_game_is_not_sent_while_games_have_to_live(
        start_game, start_sidecar, source, old_content, signal_name):
    game = start_game()
    answer = update(sidecar_for(start_sidecar, game.process_name, signal_name), source)
    assert_reverted(answer, old_content)
    assert game.lives(), answer
    assert "settleMilliseconds: 0" in answer.json["message"], answer


@pytest.mark.parametrize("value", [-1, 60_001, "soon"])
def test_settle_milliseconds_out_of_range_is_a_wrong_configuration(tmp_path, value):
    file = tmp_path / "config.yaml"
    settings = {"signal": {"processName": "game", "signalName": "HUP", "settleMilliseconds": value}}
    file.write_text(yaml.safe_dump({"plugins": [{"name": "hot_update", "config": settings}]}))
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 64, answer
    assert "settleMilliseconds" in answer.stderr, answer


@pytest.mark.parametrize("after", [0.1, 1.0])
def test_a_game_that_is_called_and_ends(things, tmp_path, start_sidecar, source, old_content, after):
    """loadPatchType: request. The endpoint answers 200, and the game ends of what it read."""
    things.append(EndsLater(tmp_path / "game", after))
    things.append(Source())
    game, endpoint = things[-2:]

    def reload(request):
        game.process.send_signal(signal.SIGUSR1)
        request.send_response(200)
        request.send_header("Content-Length", "0")
        request.end_headers()

    endpoint.answers["/reload"] = Answer(handler=reload)
    sidecar = start_sidecar(loadPatchType="request", request={"port": endpoint.port, "path": "/reload", "method": "GET"},
                            signal={"processName": game.process_name, "settleMilliseconds": 3_000})
    assert_reverted(update(sidecar, source), old_content)


def test_a_health_check_has_to_hold_twice_in_a_row(start_game, things, start_sidecar, source, old_content):
    game = start_game("C", signal.SIGUSR1)
    things.append(Source())
    endpoint = things[-1]
    healthy, sick = Answer(b"ok"), Answer(status=503)
    endpoint.answers["/health"] = [healthy, sick, healthy, sick, healthy, sick, sick]
    confirm = {"http": {"url": endpoint.url("/health")}, "timeoutSeconds": 1, "intervalMilliseconds": 50}
    answer = update(sidecar_for(start_sidecar, game.process_name, "SIGUSR1", confirm=confirm), source)
    assert_reverted(answer, old_content)
    assert answer.json["result"] == "RolledBack", answer


def test_the_time_in_which_a_game_settles_is_not_taken_from_the_time_to_become_healthy(start_game, things, start_sidecar, source):
    game = start_game("C", signal.SIGUSR1)
    things.append(Source())
    endpoint = things[-1]

    def answer_after_100_ms(request):
        time.sleep(0.1)
        request.send_response(200)
        request.send_header("Content-Length", "2")
        request.end_headers()
        request.wfile.write(b"ok")

    endpoint.answers["/health"] = Answer(handler=answer_after_100_ms)
    confirm = {"http": {"url": endpoint.url("/health")}, "timeoutSeconds": 1, "intervalMilliseconds": 50}
    sidecar = sidecar_for(start_sidecar, game.process_name, "SIGUSR1", confirm=confirm, signal={"settleMilliseconds": 1200})
    answer = update(sidecar, source)
    assert answer.json["result"] == "Succeeded", answer


def test_no_health_check_counts_before_the_game_was_seen_alive_for_an_interval(start_game, things, start_sidecar, source):
    game = start_game("C", signal.SIGUSR1)
    things.append(Source())
    endpoint, asked = things[-1], []

    def note(request):
        asked.append(time.monotonic())
        request.send_response(200)
        request.send_header("Content-Length", "2")
        request.end_headers()
        request.wfile.write(b"ok")

    endpoint.answers["/health"] = Answer(handler=note)
    confirm = {"http": {"url": endpoint.url("/health")}, "timeoutSeconds": 20, "intervalMilliseconds": 500}
    sidecar = sidecar_for(start_sidecar, game.process_name, "SIGUSR1", confirm=confirm, signal={"settleMilliseconds": 0})
    caller = threading.Thread(target=update, args=(sidecar, source))
    caller.start()
    game.wait_for(1)
    notified = time.monotonic()
    caller.join()
    assert len(asked) == 2, (notified, asked)
    assert asked[0] - notified > 0.3, (notified, asked)
    assert asked[1] - asked[0] > 0.4, (notified, asked)


def test_a_game_whose_main_thread_has_ended(start_game, start_sidecar, source, old_content):
    game = start_game("C", signal.SIGUSR1, more=["main-thread-ends"])
    wait_until(lambda: "State:\tZ" in pathlib.Path(f"/proc/{game.process.pid}/status").read_text(), what="the main thread has ended")
    answer = update(sidecar_for(start_sidecar, game.process_name, "SIGUSR1"), source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert old_content.read_bytes() == b"V2", answer


def test_a_game_whose_main_thread_has_ended_and_that_does_not_handle_the_signal(start_game, start_sidecar, source, old_content):
    game = start_game("C", more=["main-thread-ends"])
    wait_until(lambda: "State:\tZ" in pathlib.Path(f"/proc/{game.process.pid}/status").read_text(), what="the main thread has ended")
    answer = update(sidecar_for(start_sidecar, game.process_name, "SIGUSR1"), source)
    assert_reverted(answer, old_content)
    assert game.lives(), answer
    assert "does not handle SIGUSR1" in answer.json["message"], answer


WRAPPERS = {
    "tini": lambda game: ["tini", "-s", "--", *game],
    "tini -g": lambda game: ["tini", "-s", "-g", "--", *game],
    "nohup": lambda game: ["nohup", *game],
    "timeout": lambda game: ["timeout", "600", *game],
    "sh": lambda game: ["sh", "-c", shlex.join(game) + "; true"],
    "sh with tee": lambda game: ["sh", "-c", shlex.join(game) + " | tee log"],
    "bash that waits": lambda game: ["bash", "-c", f"trap 'kill $!' TERM HUP; {shlex.join(game)} & wait"],
    "screen": lambda game: ["screen", "-D", "-m", "-S", "game", *game],
    "script": lambda game: ["script", "-q", "-c", shlex.join(game), "typescript"],
}


# nohup makes a game that does not handle SIGHUP ignore it: test_a_game_that_ignores_the_signal.
@pytest.mark.parametrize("wrapper, handles", [(wrapper, handles) for wrapper in WRAPPERS for handles in (signal.SIGHUP, None)
                                              if (wrapper, handles) != ("nohup", None)])
def test_a_game_that_something_else_starts(start_game, start_sidecar, source, old_content, wrapper, handles):
    """The game itself is notified, not what started it: that would end, or end the game."""
    game = start_game("Python", handles, wrapped=WRAPPERS[wrapper], start_new_session=True)
    answer = update(sidecar_for(start_sidecar, game.process_name, "SIGHUP"), source)
    assert game.lives(), answer
    if handles is None:
        assert_reverted(answer, old_content)
        assert "does not handle SIGHUP" in answer.json["message"], answer
        return
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert f"process {game.pid} " in answer.json["message"], answer
    assert answer.json["message"].count("process ") == 1, answer


def test_a_game_that_ignores_the_signal(start_game, start_sidecar, source, old_content):
    game = start_game("Python", wrapped=lambda argv: ["nohup", *argv])
    answer = update(sidecar_for(start_sidecar, game.process_name, "SIGHUP"), source)
    assert game.lives()
    assert answer.status == 200, answer
    assert "ignores SIGHUP" in answer.json["message"], answer
    assert [each["reason"] for each in answer.json["warnings"]] == ["SignalIgnored"], answer


# One that never reads what it blocks, and one in the uninterruptible wait of vfork(2), as one on a dead NFS would be.
DEAF = {
    "blocks it": "int main(void) { sigset_t all; sigfillset(&all); sigprocmask(SIG_BLOCK, &all, 0); for (;;) sleep(1); }",
    "hangs": "static void note(int s) { (void)s; }\nint main(void) { signal(SIGUSR1, note); for (;;) if (vfork() == 0) { sleep(600); _exit(0); } }",
}


@pytest.fixture(params=DEAF)
def deaf_game(request, tmp_path, things):
    program = tmp_path / f"deaf-{uuid.uuid4()}"
    subprocess.run(["gcc", "-xc", "-", "-o", program], input=f"#include <signal.h>\n#include <unistd.h>\n{DEAF[request.param]}".encode(), check=True)
    process = subprocess.Popen([program], start_new_session=True)
    things.append(ProcessGroup(process))
    expected = {"blocks it": "SigBlk:\tffff", "hangs": "State:\tD"}[request.param]
    wait_until(lambda: expected in pathlib.Path(f"/proc/{process.pid}/status").read_text(), what=expected)
    return str(program)


class ProcessGroup:
    """It dies with its children."""

    def __init__(self, process):
        self.process = process

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


def test_a_game_that_does_not_take_the_signal_is_warned_about(deaf_game, start_sidecar, source, old_content):
    answer = update(sidecar_for(start_sidecar, deaf_game, "SIGUSR1"), source)
    assert answer.status == 200, answer
    assert [each["reason"] for each in answer.json["warnings"]] == ["SignalIgnored"], answer
    assert "has not taken SIGUSR1 yet" in answer.json["message"], answer
    assert old_content.read_bytes() == b"V2"


def test_a_game_that_is_stopped_is_warned_about(start_game, start_sidecar, source, old_content):
    game = start_game("C", signal.SIGUSR1)
    sidecar = sidecar_for(start_sidecar, game.process_name, "SIGUSR1")
    os.kill(game.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: ") T " in open(f"/proc/{game.pid}/stat").read(), what="it is stopped")
        listed = json.loads(sidecar.get("/hot-update/processes").body)
        [reason] = [each["reason"] for each in listed if each["chosen"]]
        assert "it is stopped" in reason, reason
        answer = update(sidecar, source)
        assert answer.status == 200, answer
        assert [each["reason"] for each in answer.json["warnings"]] == ["GameStopped"], answer
        assert game.count() == 0
    finally:
        os.kill(game.pid, signal.SIGCONT)
    assert game.wait_for(1) == 1


def test_a_game_under_supervisord(start_game, start_sidecar, source, old_content, tmp_path):
    conf = tmp_path / "supervisord.conf"

    def wrapped(game):
        conf.write_text(f"""
[supervisord]
nodaemon=true
logfile={tmp_path}/supervisord.log
pidfile={tmp_path}/supervisord.pid
[program:game]
command={shlex.join(game)}
autorestart=true
startsecs=0
""")
        return ["supervisord", "-c", str(conf)]

    game = start_game("Python", signal.SIGHUP, wrapped=wrapped)
    answer = update(sidecar_for(start_sidecar, game.process_name, "SIGHUP"), source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert game.lives(), answer


class Reloading:
    """A server whose first process stays and has its workers replaced."""

    def __init__(self, folder, argv, title):
        folder.mkdir(exist_ok=True)
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.process_name = title
        wait_until(lambda: children_of(self.process.pid), what=f"{title} has workers")

    def workers(self):
        return set(children_of(self.process.pid))

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def nginx_server(folder):
    game = Nginx(folder / "nginx", folder)
    game.workers = lambda: set(children_of(game.process.pid))
    return game


def php_fpm(folder):
    conf = folder / "fpm.conf"
    conf.write_text(f"""
[global]
error_log = {folder}/fpm.log
daemonize = no
[www]
listen = {folder}/fpm.sock
user = nobody
group = nogroup
pm = static
pm.max_children = 2
""")
    return Reloading(folder, ["php-fpm8.2", "-R", "-F", "-y", str(conf)], f"php-fpm: master process ({conf})")


def catches(pid, number):
    [mask] = re.findall(r"^SigCgt:\t(\w+)$", pathlib.Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(mask, 16) >> number - 1 & 1


def haproxy(folder):
    conf = folder / "haproxy.cfg"
    [port] = free_ports(1)
    conf.write_text(f"""
defaults
  mode http
  timeout client 1s
  timeout server 1s
  timeout connect 1s
listen game
  bind 127.0.0.1:{port}
""")
    game = Reloading(folder, ["haproxy", "-W", "-db", "-f", str(conf)], f"haproxy -W -db -f {conf}")
    # The master blocks signals while it starts, and forgets those that came meanwhile.
    wait_until(lambda: catches(game.process.pid, signal.SIGUSR2), what="the master waits for signals")
    return game


@pytest.mark.parametrize("start, signal_name", [(php_fpm, "SIGUSR2"), (php_fpm, "SIGHUP"), (haproxy, "SIGUSR2"), (haproxy, "SIGHUP")])
def test_a_server_that_reloads_by_new_workers(things, tmp_path, start_sidecar, source, shared, start, signal_name):
    game = start(tmp_path)
    things.append(game)
    workers = game.workers()
    answer = update(sidecar_for(start_sidecar, game.process_name, signal_name), source)
    assert answer.status == 200, answer
    assert f"process {game.process.pid} " in answer.json["message"], answer
    wait_until(lambda: not workers & game.workers() and game.workers(), what="the workers are new")
    assert game.process.poll() is None
    assert (shared / "map.json").read_bytes() == b"V2"


@pytest.mark.parametrize("row, start", [("nginx", nginx_server), ("PHP-FPM", php_fpm), ("HAProxy, `-W`", haproxy)])
def test_the_table_in_the_docs_says_what_each_server_does(things, tmp_path, row, start):
    for number, cell in zip(SIGNALS, runtime_table()[row]):
        game = start(tmp_path)
        things.append(game)
        workers = game.workers()
        os.kill(game.process.pid, number)
        if cell.startswith("ends"):
            game.process.wait(20)
        elif "reloads" in cell:
            wait_until(lambda: game.workers() and not workers & game.workers(), what=f"{row} has new workers of {number}")
        else:
            with pytest.raises(subprocess.TimeoutExpired):
                game.process.wait(1)
            assert workers <= game.workers(), (number, cell)
        things.pop().stop()


def test_haproxy_without_a_master_ends_of_sigusr1(things, tmp_path, start_sidecar, source, old_content):
    """Its soft stop: the process lives until its last connection ends, here at once."""
    conf = tmp_path / "haproxy.cfg"
    [port] = free_ports(1)
    conf.write_text(f"defaults\n timeout client 1s\n timeout server 1s\n timeout connect 1s\nlisten game\n bind 127.0.0.1:{port}\n")
    process = subprocess.Popen(["haproxy", "-db", "-f", str(conf)], stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: not socket.create_connection(("127.0.0.1", port), 1).close(), what="HAProxy listens")
        answer = update(sidecar_for(start_sidecar, f"haproxy -db -f {conf}", "SIGUSR1"), source)
        assert_reverted(answer, old_content)
        assert "HAProxy" in answer.json["message"], answer
    finally:
        process.kill()
        process.wait(20)


def test_nginx_reloads_by_new_workers(nginx, start_sidecar, source):
    workers = set(nginx.workers())
    answer = update(start_sidecar(nginx), source)
    assert answer.status == 200, answer
    wait_until(lambda: nginx.workers() and not workers & set(nginx.workers()), what="the workers are new")


def test_a_game_that_is_started_again_and_ends_of_the_revert_too(things, start_game, start_sidecar, source, old_content, tmp_path):
    """A supervisor starts the game again at once: it is notified that the old content is live again, and ends again."""
    game = start_game("Go", wrapped=lambda argv: ["bash", "-c", f"while :; do {shlex.join(argv)}; done"])
    answer = update(sidecar_for(start_sidecar, game.process_name, "SIGHUP", signal={"settleMilliseconds": 1000}), source)
    assert_reverted(answer, old_content)
    assert "ended after SIGHUP" in answer.json["message"], answer


@pytest.mark.parametrize("name", ["SIGTSTP", "SIGTTIN", "SIGTTOU"])
def test_a_signal_that_would_stop_the_game_is_not_sent(start_game, start_sidecar, source, old_content, name):
    game = start_game("C")
    answer = update(sidecar_for(start_sidecar, game.process_name, name), source)
    assert_reverted(answer, old_content)
    assert answer.json["reason"] == "SignalNotHandled", answer
    assert f"does not handle {name}, which would stop it until SIGCONT; it was not sent" in answer.json["message"], answer
    assert ") T " not in pathlib.Path(f"/proc/{game.pid}/stat").read_text()


def test_a_game_that_handles_a_signal_which_would_stop_others_gets_it(start_game, start_sidecar, source, old_content):
    game = start_game("C", signal.SIGTSTP)
    answer = update(sidecar_for(start_sidecar, game.process_name, "SIGTSTP"), source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer


def test_sigstop_is_a_mistake_in_the_configuration(tmp_path):
    config = {"plugins": [{"name": "hot_update", "config": {"signal": {"processName": "game", "signalName": "SIGSTOP"}}}]}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    done = subprocess.run([BINARY, "validate", tmp_path / "config.yaml"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 64, done
    assert "signalName: SIGSTOP stops every game until SIGCONT" in done.stderr, done


@pytest.mark.parametrize("name", ["SIGWINCH", "SIGURG", "SIGCHLD", "SIGCONT"])
def test_a_signal_that_does_nothing_to_who_does_not_handle_it_is_warned_about(start_game, start_sidecar, source, old_content, name):
    game = start_game("C")
    answer = update(sidecar_for(start_sidecar, game.process_name, name), source)
    assert answer.status == 200, answer
    assert [each["reason"] for each in answer.json["warnings"]] == ["SignalIgnored"], answer
    assert f"does not handle {name}, so that it hears nothing of an update" in answer.json["message"], answer
