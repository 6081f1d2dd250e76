"""The client in the binary: what an operator types, what it prints, what scripts get as exit status."""

import concurrent.futures
import json
import os
import pty
import re
import signal
import socket
import string
import subprocess
import threading
import urllib.parse

import pytest
from sidecar import BINARY
from source import Source, gated
from waiting import wait_until

COMMANDS = ["update", "status", "wait", "cancel", "rollback", "processes"]


@pytest.fixture
def source(things):
    things.append(Source())
    return things[-1]


def start(sidecar, *argv, **more):
    server = () if "--server" in argv else ("--server", sidecar.base)
    return subprocess.Popen(
        [str(BINARY), *argv, *server], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=sidecar.env, **more
    )


def client(sidecar, *argv):
    process = start(sidecar, *argv)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_an_update_is_followed_to_its_end(start_sidecar, source, shared):
    sidecar = start_sidecar()
    code, out, err = client(sidecar, "update", "v2", source.put("/a", b"new"))
    assert (code, (shared / "a").read_bytes()) == (0, b"new")
    assert out.startswith("Succeeded: v2 of a, 3 B"), out
    assert sidecar.status()["results"][-1]["id"] in out + err
    code, out, _ = client(sidecar, "update", "v2", source.url("/a"), "-o", "json")
    assert (code, json.loads(out)["result"]) == (0, "Unchanged")


ADDRESSES = ["/%E5%9C%B0%E5%9B%BE/a.json?sign=a%2Bb&t=1+2&x=%26%3D", "/地图/c.json?sign=a%2Bb&名=值", "/b c.json?x=1 2&y"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_urls_pass_unchanged(start_sidecar, source, shared, address):
    """Whatever a form would take apart. What no request line can have goes percent-encoded."""
    sidecar = start_sidecar()
    sent = urllib.parse.quote(address, safe=string.punctuation)
    for path in (sent.split("?")[0], sent.split("?")[0].lower()):
        source.put(path, b"new")
    code, out, err = client(sidecar, "update", "v2", source.url(address), "--path", "m")
    assert code == 0, (out, err, source.requests)
    assert (shared / "m").read_bytes() == b"new"
    asked = urllib.parse.quote(source.requests[-1][0].encode("latin-1"), safe=string.punctuation)
    assert asked.lower() == sent.lower()


def test_failures_have_their_exit_status(start_sidecar, source, tmp_path):
    sidecar = start_sidecar(maxQueued=1)
    assert client(sidecar, "update", "v2", source.url("/missing"))[0] == 1
    assert client(sidecar, "update", "v 2", source.url("/a"))[0] == 64
    assert client(sidecar, "update", "v2", source.put("/a", b"new"), "--sha256", "0" * 64)[0] == 1
    assert client(sidecar, "wait", "nobody")[0] == 1
    assert client(sidecar, "cancel", "nobody")[0] == 1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        code, _, err = client(sidecar, "status", "--server", nobody)
    assert code == 69
    assert nobody in err
    gate, url = gated(source, "/slow")
    code, out, _ = client(sidecar, "update", "v3", url, "--no-wait")
    assert code == 0
    assert out.startswith("queued: id ")
    assert gate.reached.wait(20)
    assert client(sidecar, "update", "v4", source.url("/a"), "--no-wait")[0] == 0
    code, _, err = client(sidecar, "update", "v5", source.url("/a"))
    assert code == 75
    assert "QueueFull" in err, err
    code, _, err = client(sidecar, "wait", "--timeout", "1")
    assert code == 75
    assert "goes on" in err, err
    gate.open.set()
    assert client(sidecar, "wait")[0] == 0


def test_a_roll_back_has_an_exit_status_of_its_own(start_sidecar, source, things, shared):
    things.append(Source())
    sidecar = start_sidecar(confirm={"http": {"url": things[-1].url("/unhealthy")}, "timeoutSeconds": 1})
    (shared / "a").write_bytes(b"old")
    code, out, _ = client(sidecar, "update", "v2", source.put("/a", b"new"))
    assert (code, (shared / "a").read_bytes()) == (2, b"old")
    assert out.startswith("RolledBack: v2 of a"), out


def test_roll_back_and_status(start_sidecar, source, shared):
    sidecar = start_sidecar()
    client(sidecar, "update", "v1", source.put("/1", b"one"), "--path", "maps/a")
    client(sidecar, "update", "v2", source.put("/2", b"two"), "--path", "maps/a")
    assert client(sidecar, "rollback")[0] == 0
    assert (shared / "maps/a").read_bytes() == b"one"
    assert client(sidecar, "rollback", "v2", "--path", "maps/a")[0] == 0
    assert (shared / "maps/a").read_bytes() == b"two"
    code, out, _ = client(sidecar, "status")
    assert code == 0
    assert out.startswith("ready\n")
    assert re.search(r"^maps/a +v2 +3 B +workload", out, re.M), out
    assert json.loads(client(sidecar, "status", "-o", "json")[1]) == sidecar.status()
    update = sidecar.status()["results"][0]["id"]
    assert client(sidecar, "status", update)[1].startswith("Succeeded: v1 of maps/a")


def test_the_configuration_says_where_and_how(start_sidecar, source, tmp_path):
    """As by `kubectl exec`: no flag but the file, no environment."""
    sidecar = start_sidecar()
    text = sidecar.config_file.read_text().replace("127.0.0.1:0", f"127.0.0.1:{sidecar.port}")
    sidecar.config_file.write_text(text)
    argv = [str(BINARY), "status", "--config", str(sidecar.config_file)]
    done = subprocess.run(argv, capture_output=True, text=True, env=sidecar.env, check=False)
    assert (done.returncode, done.stdout[:6]) == (0, "ready\n"), done


def test_tokens_come_from_the_configuration_or_a_flag(start_sidecar, source, tmp_path):
    (tmp_path / "ops").write_text("secret-of-operators\n")
    sidecar = start_sidecar(host={"auth": {"tokenFiles": [str(tmp_path / "ops")]}})
    code, _, err = client(sidecar, "status")
    assert code == 1
    assert "Unauthenticated" in err, err
    assert client(sidecar, "status", "--token-file", str(tmp_path / "ops"))[0] == 0
    text = sidecar.config_file.read_text().replace("127.0.0.1:0", f"127.0.0.1:{sidecar.port}")
    sidecar.config_file.write_text(text)
    argv = [str(BINARY), "update", "v2", source.put("/a", b"new"), "--config", str(sidecar.config_file)]
    assert subprocess.run(argv, env=sidecar.env, check=False).returncode == 0


def test_files_of_the_command_line_may_be_pipes(start_sidecar, tmp_path):
    """`--token-file <(kubectl create token …)`, `--signature <(…)`, `validate <(helm template …)`."""
    (tmp_path / "ops").write_text("secret-of-operators\n")
    sidecar = start_sidecar(host={"auth": {"tokenFiles": [str(tmp_path / "ops")]}})

    def said(command, *words):
        done = subprocess.run(["bash", "-c", f'"$0" {command}', str(BINARY), *map(str, words)], capture_output=True, text=True, env=sidecar.env)
        return done.returncode, done.stdout + done.stderr

    status, text = said(f'status --server {sidecar.base} --token-file <(cat "$1")', tmp_path / "ops")
    assert status == 0, text
    status, text = said('validate <(cat "$1")', sidecar.config_file)
    assert status == 0, text
    # It is read and sent: the sidecar is who does not take it.
    status, text = said(f'update v1 http://h/a --server {sidecar.base} --token-file "$1" --signature <(echo no signature)', tmp_path / "ops")
    assert "it is no signature of minisign" in text, text


def test_ctrl_c_leaves_the_update_running(start_sidecar, source):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    process = start(sidecar, "update", "v2", url)
    assert gate.reached.wait(20)
    update = sidecar.status()["underWay"]["id"]
    wait_until(lambda: update in process.stderr.readline(), "it says the id")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert f"okg-sidecar wait {update}" in err, err
    gate.open.set()
    assert client(sidecar, "wait", update)[0] == 0


def test_a_cancelled_update_ends_its_client(start_sidecar, source):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    process = start(sidecar, "update", "v2", url)
    assert gate.reached.wait(20)
    code, out, _ = client(sidecar, "cancel", sidecar.status()["underWay"]["id"])
    assert code == 0
    assert out.startswith("Cancelled: v2 of a"), out
    assert (process.communicate(timeout=20)[0][:9], process.returncode) == ("Cancelled", 1)
    gate.open.set()


class Cutting:
    """A proxy that forgets every connection after a while, whatever comes on it."""

    def __init__(self, port, seconds):
        self.to, self.seconds, self.cut = port, seconds, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(caller,), daemon=True).start()

    def _relay(self, caller):
        with caller, socket.create_connection(("127.0.0.1", self.to)) as server:
            pump = threading.Thread(target=self._pump, args=(caller, server), daemon=True)
            pump.start()
            server.settimeout(self.seconds)
            try:
                while data := server.recv(65536):
                    caller.sendall(data)
            except OSError:
                self.cut += 1
            caller.shutdown(socket.SHUT_RDWR)
            pump.join()

    @staticmethod
    def _pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass

    def stop(self):
        self.listener.close()


def test_a_wait_survives_what_cuts_connections(start_sidecar, source, things):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    things.append(Cutting(sidecar.port, 0.7))
    with concurrent.futures.ThreadPoolExecutor() as callers:
        server = f"127.0.0.1:{things[-1].port}"
        waiting = callers.submit(client, sidecar, "update", "v2", url, "--server", server)
        assert gate.reached.wait(20)
        wait_until(lambda: things[-1].cut >= 2, "it was cut twice")
        gate.open.set()
        assert waiting.result(60)[0] == 0


def test_a_terminal_gets_a_bar(start_sidecar, source):
    sidecar = start_sidecar()
    gate, url = gated(source, "/a")
    ours, theirs = pty.openpty()
    argv = [str(BINARY), "update", "v2", url, "--server", sidecar.base]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=theirs, text=True, env=sidecar.env) as process:
        assert gate.reached.wait(20)
        os.close(theirs)
        shown = b""
        while b"\r\x1b[Kfetch" not in shown:
            shown += os.read(ours, 4096)
        gate.open.set()
        out = process.communicate(timeout=30)[0]
    os.close(ours)
    assert process.returncode == 0
    assert out.startswith("Succeeded"), out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_variables_and_exit_status(command):
    text = subprocess.check_output([str(BINARY), command, "--help"], text=True)
    for part in ("Examples:", "Variables:", "Exit status:", "--server URL", f"okg-sidecar {command}"):
        assert part in text, part
    assert f"  {command} " in subprocess.check_output([str(BINARY), "--help"], text=True)


def test_an_unknown_flag_says_which_there_are():
    done = subprocess.run([str(BINARY), "update", "v2", "u", "--pth", "x"], capture_output=True, text=True, check=False)
    assert done.returncode == 64
    for part in ("unknown flag --pth", "did you mean --path?", "--sha256", "--no-wait"):
        assert part in done.stderr, done.stderr


@pytest.mark.parametrize("command", ["status", "wait", "cancel"])
@pytest.mark.parametrize("given", ["", "a b", "a#b", "a?b", "../processes", "a\n"])
def test_what_is_no_id_of_an_update_is_refused(command, given):
    """`cancel 'a#b'` cancelled a, and `wait "$UNSET"` followed whichever update was in progress."""
    argv = [str(BINARY), command, given, "--server", "http://127.0.0.1:1"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 64
    assert "is no id of an update, like 20261125-154012-9f3ac01b" in done.stderr


def complete(line):
    """What bash offers behind `line`."""
    script = (
        'source <("$0" completion bash); COMP_WORDS=($1 "$2"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));'
        "_okg_sidecar 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    before, _, current = line.rpartition(" ")
    return subprocess.check_output(["bash", "-c", script, str(BINARY), before, current], text=True).split()


def test_bash_completes_commands_flags_and_values():
    assert set(complete("okg-sidecar ")) >= {*COMMANDS, "run", "health", "--version"}
    assert complete("okg-sidecar sta") == ["status"]
    assert complete("okg-sidecar update --no-") == ["--no-wait"]
    assert complete("okg-sidecar update v2 u --format a") == ["archive"]
    for shell in ("zsh", "fish"):
        script = subprocess.check_output([str(BINARY), "completion", shell], text=True)
        assert all(each in script for each in COMMANDS)
