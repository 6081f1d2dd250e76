"""What Loki, ELK and a terminal get to see of the log."""

import fcntl
import hashlib
import json
import os
import re
import signal
import subprocess

import pytest

from sidecar import BINARY
from waiting import wait_until

BIDI = "\u202e"  # right-to-left override: "gnp.exe" shows as "exe.png"


@pytest.fixture
def json_sidecar(start_sidecar):
    return lambda *args, **more: start_sidecar(*args, more_argv=("--log-format", "json"), **more)


class Logged:
    """The log of a sidecar with --log-format json, as dictionaries."""

    def __init__(self, sidecar):
        self.raw = sidecar.log_file.read_bytes()
        self.lines = [json.loads(line) for line in self.raw.decode().splitlines()]

    def of(self, event):
        return [line for line in self.lines if line["event"] == event]


def test_every_line_begins_with_time_level_and_event(json_sidecar, source):
    sidecar = json_sidecar()
    sidecar.update("v1", source.put("/a", b"x"))
    sidecar.update("v2", source.url("/missing"))
    sidecar.stop()
    logged = Logged(sidecar)
    assert len(logged.lines) >= 5
    for line in logged.lines:
        assert list(line)[:3] == ["time", "level", "event"], line
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["time"]), line
        assert line["level"] in ("debug", "info", "warn", "error"), line


def test_numbers_are_numbers_and_truth_values_are_truth_values(json_sidecar, source):
    sidecar = json_sidecar()
    sidecar.update("v1", source.put("/a", b"12345"))
    logged = Logged(sidecar)
    assert logged.of("listening")[0]["port"] == sidecar.port
    [ended] = logged.of("update ended")
    assert ended["bytes"] == 5
    assert isinstance(ended["durationMs"], int)
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{8}", ended["id"])
    assert ended["version"] == "v1"


def test_an_update_has_a_line_at_its_start_each_stage_and_its_end_with_one_id(json_sidecar, source, game):
    sidecar = json_sidecar(game)
    sidecar.update("v1", source.put("/a", b"x"))
    sidecar.update("v2", source.url("/missing"))
    logged = Logged(sidecar)
    first, second = logged.of("update started")
    assert first["id"] != second["id"]
    assert (first["version"], first["path"]) == ("v1", "a")
    stages = [line["stage"] for line in logged.of("update stage") if line["id"] == first["id"]]
    for stage in ("fetch", "verify", "publish", "trigger"):
        assert stage in stages
    good, bad = logged.of("update ended")
    assert (good["id"], good["result"], good["level"]) == (first["id"], "Succeeded", "info")
    assert (bad["id"], bad["result"], bad["stage"]) == (second["id"], "Failed", "fetch")
    assert bad["level"] == "error"
    assert "404" in bad["message"]


def test_a_version_in_the_log_stays_text_even_where_it_looks_like_a_number(json_sidecar, source):
    sidecar = json_sidecar()
    sidecar.update("3", source.put("/a", b"x"))
    assert Logged(sidecar).of("update ended")[0]["version"] == "3"


HOSTILE = {
    "bidi": f"/gnp{BIDI}exe",
    "c1": "/a\u009b31mred",
    "line separator": "/a\u2028b",
    "isolate": "/a\u2066b",
}


def raw_bytes_are_harmless(raw):
    text = raw.decode("utf-8")  # invalid UTF-8 would raise
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", text), text
    return True


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_in_a_url_never_reaches_a_terminal_raw(start_sidecar, source, name, log_format):
    import urllib.parse

    sidecar = start_sidecar(more_argv=("--log-format", log_format))
    answer = sidecar.update("v1", source.url(urllib.parse.quote("/x") + HOSTILE[name]), path="p")
    assert raw_bytes_are_harmless(answer.body)
    assert raw_bytes_are_harmless(sidecar.get("/hot-update").body)
    assert raw_bytes_are_harmless(sidecar.log_file.read_bytes())


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_hostile_words_of_a_source_never_reach_a_terminal_raw(start_sidecar, source, log_format):
    from source import Answer

    def handler(request):
        request.wfile.write(b"HTTP/1.1 503 \x1b[2Jgone\xff\xc2\x9b\r\nContent-Length: 0\r\n\r\n")
        request.close_connection = True

    source.answers["/a"] = Answer(handler=handler)
    sidecar = start_sidecar(download={"retries": 0}, more_argv=("--log-format", log_format))
    answer = sidecar.update("v1", source.url("/a"))
    assert answer.json["result"] == "Failed"
    assert raw_bytes_are_harmless(answer.body)
    assert raw_bytes_are_harmless(sidecar.log_file.read_bytes())


def test_one_event_stays_one_line(start_sidecar, source):
    sidecar = start_sidecar()
    sidecar.update("v1", source.put("/a", b"x"), path="a=b c\"d.json")
    for line in sidecar.log().splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\S+Z (debug|info|warn|error) ", line), line


HOSTILE_CONFIG = 'plugins: []\n"\\e[31mevil\\u202e\\x9b": 1\n'.encode() + b"'\xff\xfe': 1\n"
ESCAPE = "\x1b[31m\u202e\u009b"


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", "CONFIG"],
        ["--config", "CONFIG"],
        ["health", "--config", "CONFIG"],
        ["processes", "--config", "CONFIG"],
        ["status", "--config", "CONFIG"],
        ["validate", "/" + ESCAPE],
        ["processes", "--config", "/" + ESCAPE],
        ["--log-level", ESCAPE],
        ["--" + ESCAPE],
        [ESCAPE],
        ["status", "--server", "http://" + ESCAPE],
        ["pack", "/" + ESCAPE, "-o", "a.tar"],
        ["manifest", "/" + ESCAPE],
    ],
    ids=lambda arguments: " ".join(arguments).encode("ascii", "backslashreplace").decode(),
)
def test_what_a_command_complains_about_never_reaches_a_terminal_raw(tmp_path, arguments):
    config = tmp_path / "config.yaml"
    config.write_bytes(HOSTILE_CONFIG)
    done = subprocess.run([BINARY, *(str(config) if each == "CONFIG" else each for each in arguments)],
                          capture_output=True, timeout=60)
    assert done.returncode == 64, done
    assert done.stderr
    assert raw_bytes_are_harmless(done.stderr + done.stdout)


def test_a_start_that_fails_on_its_configuration_says_so_in_json(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_bytes(HOSTILE_CONFIG + b"foo: 1\n")
    done = subprocess.run([BINARY, "--log-format", "json", "--config", config], capture_output=True, timeout=60)
    assert done.returncode == 64, done
    assert raw_bytes_are_harmless(done.stderr)
    lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
    assert {line["event"] for line in lines} == {"cannot run"}
    [foo] = [line for line in lines if line["key"] == "foo"]
    assert (foo["level"], foo["reason"], foo["line"], foo["error"]) == ("error", "InvalidConfiguration", 4, "unknown key")
    assert foo["file"] == str(config)


@pytest.mark.parametrize("kind", ["file", "manifest"])
def test_a_download_that_is_tried_again_says_for_which_update(json_sidecar, source, kind):
    from source import Answer

    answers = []

    def handler(request):
        answers.append(1)
        request.send_response(503 if len(answers) == 1 else 200)
        request.send_header("Content-Length", "0" if len(answers) == 1 else "1")
        request.end_headers()
        request.wfile.write(b"" if len(answers) == 1 else b"x")

    source.answers["/a"] = Answer(handler=handler)
    sidecar = json_sidecar(download={"retries": 1})
    listed = json.dumps({"files": [{"path": "a", "sha256": hashlib.sha256(b"x").hexdigest(), "bytes": 1}]}).encode()
    url = source.url("/a") if kind == "file" else source.put("/manifest.json", listed)
    answer = sidecar.update("v1", url, **({} if kind == "file" else {"format": "manifest", "path": "tree"}))
    assert answer.status == 200, answer
    [again] = Logged(sidecar).of("the download will be tried again")
    assert again["id"] == answer.json["id"]


class Unread:
    """A log collector that stopped reading: the other end of the sidecar's standard error."""

    def __init__(self):
        self.read_end, write_end = os.pipe()
        fcntl.fcntl(self.read_end, fcntl.F_SETPIPE_SZ, 16384)
        self.write_end = os.fdopen(write_end, "wb")

    def read(self):
        os.set_blocking(self.read_end, False)
        try:
            return os.read(self.read_end, 1 << 20).decode()
        except BlockingIOError:
            return ""


@pytest.fixture
def unread(start_sidecar):
    """A sidecar whose log nobody reads, and its end."""
    collector = Unread()
    sidecar = start_sidecar()
    sidecar.stop()
    # On a port that is known: its log, which says it otherwise, is what nobody reads.
    sidecar.config_file.write_text(sidecar.config_file.read_text().replace("127.0.0.1:0", f"127.0.0.1:{sidecar.port}"))
    sidecar.process = subprocess.Popen(sidecar.argv, stderr=collector.write_end, env=sidecar.env)
    collector.write_end.close()
    wait_until(lambda: sidecar.get("/readyz").status == 200, "ready")
    yield sidecar, collector
    os.close(collector.read_end)


def test_a_collector_that_reads_no_log_holds_up_no_update_and_no_stop(unread, source):
    sidecar, collector = unread
    url = source.put("/a", b"x")
    for version in range(20):
        assert sidecar.update(f"v{version}", url, force="true", timeout=20).json["result"] == "Succeeded"
    sidecar.process.send_signal(signal.SIGTERM)
    assert sidecar.process.wait(10) == 0
    assert "update started" in collector.read()


def test_a_collector_that_reads_again_is_told_how_many_lines_it_lost(unread, source):
    sidecar, collector = unread
    url = source.put("/a", b"x")
    for version in range(20):
        sidecar.update(f"v{version}", url, force="true")
    collector.read()
    assert sidecar.update("last", url, force="true").status == 200
    lines = collector.read().splitlines()
    assert re.search(r" warn lines of the log were lost, because nobody read them lines=\d+$", lines[0]), lines
    assert "update started" in lines[1], lines


def test_a_log_that_is_closed_is_not_written_into_something_else(start_sidecar):
    sidecar = start_sidecar()
    sidecar.stop()
    sidecar.config_file.write_text(sidecar.config_file.read_text().replace("127.0.0.1:0", f"127.0.0.1:{sidecar.port}"))
    sidecar.process = subprocess.Popen(["sh", "-c", 'exec "$0" "$@" 0<&- 1>&- 2>&-', *sidecar.argv], env=sidecar.env)
    wait_until(lambda: sidecar.get("/readyz").status == 200, "ready")
    assert [os.readlink(f"/proc/{sidecar.process.pid}/fd/{number}") for number in range(3)] == ["/dev/null"] * 3


@pytest.mark.parametrize("key, compiles", [("id", True), ("time", False), ("level", False), ("event", False)])
def test_no_call_can_hide_a_fixed_key(tmp_path, key, compiles):
    from sidecar import ROOT
    import subprocess

    file = tmp_path / "call.cpp"
    file.write_text(f'#include "base/log.hpp"\nvoid call() {{ okg::log::info("a", {{{{"{key}", 1}}}}); }}\n')
    done = subprocess.run(["c++", "-std=c++20", "-fsyntax-only", f"-I{ROOT}/src", file], capture_output=True, timeout=120)
    assert (done.returncode == 0) == compiles, done.stderr.decode()
