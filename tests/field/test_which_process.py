"""Which process an update notifies, among all that a pod has beside the game; and what an operator sees of that beforehand."""

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys

import pytest
from archives import tar
import yaml
from game import children_of
from pods import Pod, PodSidecar
from runtimes import PlainGame, command_line, program
from sidecar import BINARY, Sidecar
from unprivileged import USER, start_as_user
from waiting import wait_until

class Script:
    """`python3 NAME.py`: a game written as a script, as its operator knows it."""

    def __init__(self, folder, name="server.py", handles=signal.SIGHUP):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(program("Python")[1], folder / name)
        self.notes = folder / f"notes-{name}"
        self.process = subprocess.Popen([sys.executable, name, self.notes.name, str(int(handles)) if handles else "none"], cwd=folder)
        wait_until(self.notes.exists, what="the game is ready")
        self.process_name = name

    def count(self):
        return self.notes.read_text().count("signal")

    def wait_for(self, count):
        wait_until(lambda: self.count() >= count, what=f"{count} signals")
        return self.count()

    def stop(self):
        self.process.kill()
        self.process.wait(20)


class Bystander:
    """Some other program; `terminal`: with one of its own, as somebody's session has."""

    def __init__(self, argv, folder, terminal=False):
        self.terminal = None
        if terminal:
            pid, self.terminal = pty.fork()
            if pid == 0:
                os.chdir(folder)
                os.environ["TERM"] = "xterm"
                os.execvp(argv[0], argv)
            self.pid = pid
        else:
            self.process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            self.pid = self.process.pid
        # setpriv becomes the program that it starts.
        runs = argv[0] if argv[0] != "setpriv" else "/usr/bin/python3"
        wait_until(lambda: command_line(self.pid)[0] == runs, what=f"{runs} runs")

    def lives(self):
        if self.terminal is None:
            return self.process.poll() is None
        return os.waitpid(self.pid, os.WNOHANG) == (0, 0)

    def stop(self):
        os.kill(self.pid, signal.SIGKILL)
        if self.terminal is None:
            self.process.wait(20)
        else:
            os.close(self.terminal)
            os.waitpid(self.pid, 0)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "game").mkdir()
    return tmp_path / "game"


@pytest.fixture
def silent():
    """The URL of a server that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield "http://127.0.0.1:%d" % listener.getsockname()[1]


@pytest.fixture
def name(tmp_path):
    """Of the game's script: in no other test, and nobody else's."""
    return f"server-{abs(hash(tmp_path)) % 10**9}.py"


def sidecar_for(start_sidecar, name, signal_name="SIGHUP", **more):
    settings = {"processName": name, "signalName": signal_name, "waitSeconds": 0.2, **more.pop("signal", {})}
    return start_sidecar(loadPatchType="signal", signal=settings, **more)


def update(sidecar, source, version="v2"):
    return sidecar.update(version, source.put("/map.json", version.encode()))


def processes(sidecar):
    answer = sidecar.get("/hot-update/processes")
    assert answer.status == 200, answer
    return answer.json


@pytest.mark.parametrize("beside", ["tail", "curl", "vi in a terminal", "less in a terminal", "grep", "sh"])
def test_a_game_named_by_its_script_beside_programs_that_name_it_too(
        things, folder, name, silent, start_sidecar, source, shared, beside):
    (folder / f"{name}.log").write_text("log\n")
    things.append(Script(folder, name))
    game = things[-1]
    argv, terminal = {
        "tail": (["tail", "-f", f"{name}.log"], False),
        "curl": (["curl", f"{silent}/{name}"], False),
        "vi in a terminal": (["vi", name], True),
        "less in a terminal": (["less", name], True),
        "grep": (["grep", name, "/dev/stdin", "/proc/kmsg"], True),
        "sh": (["sh", "-c", f"true {name}; while :; do sleep 600; done"], False),
    }[beside]
    things.append(Bystander(argv, folder, terminal))
    answer = update(sidecar_for(start_sidecar, name), source)
    assert things[-2].lives(), answer
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert f"process {game.process.pid} " in answer.json["message"], answer
    assert answer.json["message"].count("process ") == 1, answer


def test_a_game_that_does_not_handle_the_signal_is_left_out_for_one_that_does(things, folder, name, start_sidecar, source):
    things.append(Script(folder / "a", name, handles=None))
    things.append(Script(folder / "b", name))
    one, other = things[-2:]
    answer = update(sidecar_for(start_sidecar, name), source)
    assert answer.status == 200, answer
    assert other.wait_for(1) == 1, answer
    assert one.process.poll() is None, answer
    assert f"process {one.process.pid} " not in answer.json["message"], answer


WATCHER = """
import pathlib, signal, sys, time
signal.signal(signal.SIGHUP, lambda *_: pathlib.Path("heard").write_text("signal"))
pathlib.Path("watches").write_text(sys.argv[1])
while True: time.sleep(1)
"""


@pytest.mark.parametrize("handles", [signal.SIGHUP, None])
def test_a_program_that_is_given_the_games_script_is_not_taken_for_the_game(things, folder, name, start_sidecar, source, handles):
    things.append(Script(folder, name, handles))
    game = things[-1]
    (folder / "watcher.py").write_text(WATCHER)
    things.append(Bystander([sys.executable, "watcher.py", name], folder))
    wait_until((folder / "watches").exists, what="the watcher handles the signal")
    answer = update(sidecar_for(start_sidecar, name), source)
    if handles:
        assert answer.status == 200, answer
        assert game.wait_for(1) == 1
    else:
        assert answer.json["reason"] == "SignalNotHandled", answer
    assert f"process {game.process.pid} " in answer.json["message"], answer
    assert not (folder / "heard").exists(), answer


def test_a_launcher_that_handles_the_signal_does_not_take_it_from_the_game(things, folder, name, start_sidecar, source):
    shutil.copy(program("Python")[1], folder / name)
    (folder / "watcher.py").write_text(
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, {name!r}, 'notes', '{int(signal.SIGHUP)}'], stdin=subprocess.PIPE)" + WATCHER)
    things.append(launcher := Bystander([sys.executable, "watcher.py", name], folder))
    wait_until(lambda: (folder / "notes").exists() and (folder / "watches").exists(), what="both are ready")
    [game] = children_of(launcher.pid)
    try:
        answer = update(sidecar_for(start_sidecar, name), source)
        assert answer.status == 200, answer
        wait_until(lambda: "signal" in (folder / "notes").read_text(), what="the game hears of it")
        assert not (folder / "heard").exists(), answer
    finally:
        os.kill(game, signal.SIGKILL)


@pytest.mark.parametrize("trap", ["", "trap 'exit 1' HUP INT TERM"], ids=["without a trap", "with a trap"])
def test_a_script_of_the_games_name_does_not_hear_in_its_place(things, folder, start_sidecar, source, tmp_path, trap):
    """`/app/game`, a shell script that sets things up and then starts `/app/bin/game`."""
    name = f"game{abs(hash(tmp_path)) % 10**9}"
    (folder / "bin").mkdir()
    shutil.copy(program("C")[0], folder / "bin" / name)
    (folder / name).write_text(f"#!/bin/sh\n{trap}\nbin/{name} notes {int(signal.SIGHUP)}\ntrue\n")
    (folder / name).chmod(0o755)
    script = subprocess.Popen([str(folder / name)], cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: (folder / "notes").exists(), what="the game is ready")
        answer = update(sidecar_for(start_sidecar, name), source)
        assert answer.status == 200, answer
        wait_until(lambda: "signal" in (folder / "notes").read_text(), what="the game hears of it")
    finally:
        os.killpg(script.pid, signal.SIGKILL)
        script.wait(20)


def test_two_games_of_one_name_are_both_notified_and_the_answer_says_so(things, folder, name, start_sidecar, source):
    for each in ("a", "b"):
        things.append(Script(folder / each, name))
    games = things[-2:]
    answer = update(sidecar_for(start_sidecar, name), source)
    assert answer.status == 200, answer
    assert [each.wait_for(1) for each in games] == [1, 1], answer
    assert "warning: 2 processes match" in answer.json["message"], answer
    assert [each["reason"] for each in answer.json["warnings"]] == ["SeveralProcesses"], answer
    assert "signal.container" in answer.json["message"], answer
    assert "signal.user" in answer.json["message"], answer


def test_an_error_names_every_candidate_and_why(things, folder, name, start_sidecar, source):
    things.append(Script(folder, name, handles=None))
    game = things[-1]
    (folder / f"{name}.log").touch()
    things.append(Bystander(["tail", "-f", f"{name}.log"], folder))
    answer = update(sidecar_for(start_sidecar, name), source)
    message = answer.json["message"]
    assert answer.status == 500, answer
    assert f"process {game.process.pid} " in message, answer
    assert "does not handle SIGHUP" in message, answer
    assert game.process.poll() is None


def test_the_nearest_titles_are_named_when_nothing_matches(things, tmp_path, shared, start_sidecar, source):
    """The documented name, and an image that starts nginx by its whole path."""
    from game import Nginx

    class ByPath(Nginx):
        def __init__(self, folder, root):
            real = subprocess.Popen
            try:
                subprocess.Popen = lambda argv, **more: real([shutil.which("nginx"), *argv[1:]], **more)
                super().__init__(folder, root)
            finally:
                subprocess.Popen = real

    (shared / "index.html").write_bytes(b"V1")
    things.append(ByPath(tmp_path / "nginx", shared))
    answer = update(sidecar_for(start_sidecar, f"nginx: master process nginx -c {tmp_path}/nginx/nginx.conf"), source)
    assert answer.status == 500, answer
    path = shutil.which("nginx")
    assert f"nginx: master process {path}" in answer.json["message"], answer
    assert "nearest" in answer.json["message"], answer
    assert answer.json["reason"] == "GameNotFound", answer


def test_the_candidates_are_listed_beforehand(things, folder, name, start_sidecar, source):
    things.append(Script(folder, name))
    game = things[-1]
    (folder / f"{name}.log").touch()
    things.append(Bystander(["tail", "-f", f"{name}.log"], folder))
    tail = things[-1]
    sidecar = sidecar_for(start_sidecar, name)
    rows = {row["pid"]: row for row in processes(sidecar)}
    chosen = rows[game.process.pid]
    assert chosen["chosen"] is True, chosen
    assert chosen["handlesSignal"] == "caught", chosen
    assert chosen["user"] == os.getuid(), chosen
    assert chosen["name"], chosen
    assert name in chosen["commandLine"], chosen
    assert chosen["reason"], chosen
    left = rows[tail.pid]
    assert left["chosen"] is False, left
    assert left["handlesSignal"] == "no", left
    assert left["rank"] > chosen["rank"], left
    assert left["reason"], left
    assert game.count() == 0


def test_processes_and_validate_live_on_the_command_line(things, folder, name, start_sidecar):
    sidecar = sidecar_for(start_sidecar, name)

    def run(*argv):
        return subprocess.run([BINARY, *map(str, argv)], capture_output=True, text=True, timeout=60)

    missing = run("validate", "--live", sidecar.config_file)
    assert missing.returncode == 0, missing
    assert "no process matches" in missing.stderr, missing
    assert "ok" in missing.stdout, missing
    things.append(Script(folder / "a", name))
    game = things[-1]
    fine = run("validate", "--live", sidecar.config_file)
    assert fine.returncode == 0, fine
    assert fine.stderr == "", fine
    assert str(game.process.pid) in fine.stdout, fine
    listed = run("processes", "--config", sidecar.config_file, "-o", "json")
    assert [row["pid"] for row in json.loads(listed.stdout) if row["chosen"]] == [game.process.pid], listed
    table = run("processes", "--config", sidecar.config_file)
    assert table.returncode == 0, table
    assert str(game.process.pid) in table.stdout, table
    columns = ["PID", "USER", "CONTAINER", "HANDLES", "RANK", "CHOSEN", "COMMAND", "REASON"]
    assert table.stdout.splitlines()[0].split() == columns, table
    assert run("processes", "--server", sidecar.base).stdout == table.stdout, "one table, whoever looks"
    things.append(Script(folder / "b", name))
    too_many = run("validate", "--live", sidecar.config_file)
    assert too_many.returncode == 0, too_many
    assert "2 processes match" in too_many.stderr, too_many
    things.append(Script(folder / "c", f"other-{name}", handles=None))
    sidecar.config_file.write_text(sidecar.config_file.read_text().replace(name, f"other-{name}"))
    ended = run("validate", "--live", sidecar.config_file)
    assert "does not handle SIGHUP" in ended.stderr, ended


@pytest.mark.parametrize("more, is_in", [({}, True), ({"fileDir": "/app/downloads/content", "stateDir": "/app/downloads/state"}, False)])
def test_validate_live_says_that_the_state_is_in_the_games_folder(tmp_path, more, is_in):
    """Also where nobody wrote fileDir: both have defaults."""
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump({"plugins": [{"name": "hot_update", "config": {"loadPatchType": "none", **more}}]}))
    answer = subprocess.run([BINARY, "validate", "--live", file], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0, answer
    assert answer.stderr == "", answer
    assert ("stateDir /app/downloads/.okg-sidecar is in fileDir" in answer.stdout) == is_in, answer


def test_validate_without_live_looks_at_no_process(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump({"plugins": [{"name": "hot_update", "config": {
        "signal": {"processName": "no such game", "signalName": "HUP"}}}]}))
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0, answer
    assert answer.stderr == "", answer


# ---- pods -----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pod(things, tmp_path):
    things.append(Pod(tmp_path))
    return things[-1]


@pytest.fixture
def start_in_pod(things, tmp_path, shared):
    """start_in_pod(pod, signal={…}): a sidecar in a container of the pod."""

    def start(pod, env=None, wait_ready=True, **signal_settings):
        settings = {"signalName": "SIGUSR1", "waitSeconds": 0.2, **signal_settings}
        config = {"fileDir": str(shared), "storageConfig": {"type": "Local"}, "signal": settings}
        things.append(PodSidecar(pod, tmp_path / "sidecar", config, env=env, wait_ready=wait_ready))
        return things[-1]

    return start


class InPod:
    """A game in a container of a pod."""

    def __init__(self, pod, folder, name, number=signal.SIGUSR1, mounts=(), title="the-game", prefix=()):
        folder.mkdir(parents=True, exist_ok=True)
        self.notes = folder / f"notes-{name}"
        game = folder / title
        shutil.copy(program("C")[0], game)
        self.pid = pod.container(name, [*prefix, game, self.notes, int(number)], mounts)
        self.argv = [str(game), str(self.notes), str(int(number))]
        wait_until(lambda: self.notes.exists() and "ready" in self.notes.read_text(), what="the game is ready")

    count = PlainGame.count
    wait_for = PlainGame.wait_for


def test_the_game_of_a_pod_is_found_by_its_name(pod, tmp_path, start_in_pod, source):
    game = InPod(pod, tmp_path / "game", "game")
    answer = update(start_in_pod(pod, processName="the-game"), source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer


def test_a_kubectl_exec_session_is_never_notified(pod, tmp_path, start_in_pod, source):
    game = InPod(pod, tmp_path / "game", "game")
    session = tmp_path / "session"
    # The same program, started by hand in the game's container: it handles the signal as well.
    pod.exec(game.pid, [game.argv[0], session, int(signal.SIGUSR1)])
    wait_until(session.exists, what="the session's program runs")
    sidecar = start_in_pod(pod, processName="the-game")
    answer = update(sidecar, source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert "warning" not in answer.json["message"], answer
    assert session.read_text().count("signal") == 0
    [reason] = [row["reason"] for row in processes(sidecar) if str(session) in row["commandLine"]]
    assert "kubectl exec" in reason, reason


def test_only_a_kubectl_exec_session_matches(pod, tmp_path, start_in_pod, source):
    game = InPod(pod, tmp_path / "game", "game", title="the-game")
    session = tmp_path / "session"
    other = tmp_path / "game-by-hand"
    shutil.copy(program("C")[0], other)
    pod.exec(game.pid, [other, session, int(signal.SIGUSR1)])
    wait_until(session.exists, what="the session's program runs")
    answer = update(start_in_pod(pod, processName="game-by-hand"), source)
    assert answer.status == 500, answer
    assert "kubectl exec" in answer.json["message"], answer
    assert session.read_text().count("signal") == 0


def leave_behind(pod, pid, game, *starter):
    """A session, as a container runtime starts one, in whose background a program goes on after its shell has ended."""
    shell = pod.start([*pod.inside(pid), "setsid", "sh", "-c", '"$@" & exit 0', "sh", *starter, *map(str, game)])
    assert shell.wait(20) == 0


def test_what_kubectl_exec_left_in_the_background_is_not_taken_for_the_game(pod, tmp_path, start_in_pod, source):
    game = InPod(pod, tmp_path / "game", "game")
    left = tmp_path / "left"
    leave_behind(pod, game.pid, [game.argv[0], left, int(signal.SIGUSR1)])
    wait_until(lambda: left.exists() and "ready" in left.read_text(), what="the program runs")
    sidecar = start_in_pod(pod, processName="the-game")
    [reason] = [row["reason"] for row in processes(sidecar) if str(left) in row["commandLine"]]
    assert "`kubectl exec` left behind" in reason, reason
    answer = update(sidecar, source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert left.read_text().count("signal") == 0
    assert [each["reason"] for each in answer.json["warnings"]] == ["OrphanedProcess"], answer
    assert "was left out" in answer.json["warnings"][0]["message"], answer


@pytest.mark.parametrize("starter", [(), ("setsid",)], ids=["of a shell that has ended", "a daemon"])
def test_an_orphan_is_notified_with_a_warning_when_nothing_else_matches(pod, tmp_path, start_in_pod, source, starter):
    """A daemon and what `kubectl exec` has left behind look the same."""
    container = pod.container("game", ["sleep", "infinity"])
    game = tmp_path / "the-game"
    shutil.copy(program("C")[0], game)
    notes = tmp_path / "notes"
    leave_behind(pod, container, [game, notes, int(signal.SIGUSR1)], *starter)
    wait_until(lambda: notes.exists() and "ready" in notes.read_text(), what="the program runs")
    answer = update(start_in_pod(pod, processName="the-game"), source)
    assert answer.status == 200, answer
    wait_until(lambda: notes.read_text().count("signal") == 1, what="the signal")
    assert [each["reason"] for each in answer.json["warnings"]] == ["OrphanedProcess"], answer


def test_an_orphan_of_the_containers_own_session_is_the_game(pod, tmp_path, start_in_pod, source):
    """An entrypoint script that starts the game in the background and goes on as something else."""
    game = InPod(pod, tmp_path / "game", "game", prefix=["setsid", "sh", "-c", '("$@" &); exec sleep infinity', "sh"])
    answer = update(start_in_pod(pod, processName="the-game"), source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert "warnings" not in answer.json, answer


def test_the_sidecars_own_container_is_no_place_for_the_game(pod, tmp_path, start_in_pod, source):
    game = InPod(pod, tmp_path / "game", "game")
    sidecar = start_in_pod(pod, processName="the-game")
    helper = tmp_path / "helper"
    pod.exec(sidecar.inner(), [game.argv[0], helper, int(signal.SIGUSR1)])
    wait_until(helper.exists, what="the helper runs")
    answer = update(sidecar, source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert helper.read_text().count("signal") == 0, answer


@pytest.mark.parametrize("by", ["container", "nothing"])
def test_a_decoy_of_the_same_name_in_another_container(pod, tmp_path, start_in_pod, source, by):
    game = InPod(pod, tmp_path / "game", "game")
    decoy = InPod(pod, tmp_path / "decoy", "metrics")
    sidecar = start_in_pod(pod, processName="the-game", **({"container": "game"} if by == "container" else {}))
    answer = update(sidecar, source)
    if by == "container":
        assert answer.status == 200, answer
        assert game.wait_for(1) == 1, answer
        assert decoy.count() == 0, answer
        rows = {row["commandLine"].split()[1]: row for row in processes(sidecar)}
        assert rows[str(game.notes)]["container"] == "game", rows
        assert rows[str(decoy.notes)]["container"] == "metrics", rows
        assert "signal.container" in rows[str(decoy.notes)]["reason"], rows
    else:  # nothing narrows it: both are notified, and that is said
        assert answer.status == 200, answer
        assert [game.wait_for(1), decoy.wait_for(1)] == [1, 1], answer
        assert "warning: 2 processes match" in answer.json["message"], answer


def test_a_decoy_of_the_same_name_of_another_user(things, folder, name, start_sidecar, source):
    things.append(Script(folder / "a", name))
    game = things[-1]
    things.append(Bystander(["setpriv", "--reuid", "12345", "--clear-groups", "/usr/bin/python3", "-c",
                             "import signal, sys\nsignal.signal(signal.SIGHUP, lambda *_: None)\nprint('ready', flush=True)\nwhile True: signal.pause()", name], "/"))
    wait_until(lambda: "Uid:\t12345" in open(f"/proc/{things[-1].pid}/status").read(), what="the decoy runs")
    answer = update(sidecar_for(start_sidecar, name, signal={"user": os.getuid()}), source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert "warning" not in answer.json["message"], answer
    things[-1].stop()
    nobody = sidecar_for(start_sidecar, name, signal={"user": 54321})
    answer = update(nobody, source, "v3")
    assert answer.status == 500, answer
    assert "signal.user" in answer.json["message"], answer


def test_a_container_that_no_process_is_in_is_named(pod, tmp_path, start_in_pod, source):
    game = InPod(pod, tmp_path / "game", "game")
    answer = update(start_in_pod(pod, processName="the-game", container="gmae"), source)
    assert answer.status == 500, answer
    assert "signal.container" in answer.json["message"], answer
    assert "'game'" in answer.json["message"], answer
    assert game.count() == 0


def test_processes_of_other_pods_are_never_notified(pod, tmp_path, things, start_sidecar, source):
    """A sidecar that sees the whole machine, as with hostPID: a pod's processes are in a process namespace of their own."""
    other = InPod(pod, tmp_path / "other", "game", title="game-of-many-pods")
    own = PlainGame(tmp_path / "own", "C", signal.SIGUSR1)
    things.append(own)
    answer = update(sidecar_for(start_sidecar, "game-of-many-pods", "SIGUSR1"), source)
    assert answer.status == 500, answer
    assert other.count() == 0, answer
    assert "another pod" in answer.json["message"], answer
    assert "hostPID" in answer.json["message"], answer


CGROUP = "/sys/fs/cgroup/unified" if os.path.isdir("/sys/fs/cgroup/unified") else "/sys/fs/cgroup"


@pytest.fixture
def cgroup():
    """cgroup(POD, CONTAINER): a cgroup as kubelet makes them; removed after the test."""
    made = []

    def make(pod, container):
        parent = f"{CGROUP}/kubepods.slice"
        path = f"{parent}/kubepods-pod{pod}.slice/cri-containerd-{container * 64}.scope"
        for each in (parent, os.path.dirname(path), path):
            if not os.path.isdir(each):
                os.mkdir(each)
                made.append(each)
        return path

    yield make
    for each in sorted(made, key=len, reverse=True):
        wait_until(lambda: not open(f"{each}/cgroup.procs").read(), what=f"{each} is empty")
        os.rmdir(each)


def in_cgroup(path, argv):
    return ["sh", "-c", f'echo $$ >{path}/cgroup.procs && exec "$@"', "sh", *map(str, argv)]


POD_A, POD_B = "11111111_2222_3333_4444_555555555555", "99999999_2222_3333_4444_555555555555"


class InCgroup:
    def __init__(self, path, argv, notes):
        self.notes = notes
        self.process = subprocess.Popen(in_cgroup(path, argv), stdin=subprocess.DEVNULL)
        wait_until(lambda: notes.exists() and "ready" in notes.read_text(), what="the game is ready")

    count = PlainGame.count
    wait_for = PlainGame.wait_for

    def stop(self):
        self.process.kill()
        self.process.wait(20)


def test_a_pod_with_host_pid_is_refused_at_start_with_the_cure(cgroup, things, tmp_path, shared):
    from sidecar import Sidecar

    other = tmp_path / "other"
    things.append(InCgroup(cgroup(POD_B, "b"), [*program("C"), other, int(signal.SIGUSR1)], other))
    config = {"fileDir": str(shared), "storageConfig": {"type": "Local"}, "signal": {"processName": "plain_game", "signalName": "USR1"}}
    folder = tmp_path / "sidecar"
    argv = in_cgroup(cgroup(POD_A, "a"), [BINARY, "--config", folder / "config.yaml"])
    try:
        sidecar = Sidecar(folder, config, argv=argv, wait_ready=False)
    except RuntimeError as error:
        message = str(error)
    else:
        things.append(sidecar)
        wait_until(lambda: "hostPID" in sidecar.get("/readyz").json["message"], what="it says so")
        message = sidecar.get("/readyz").json["message"]
        assert sidecar.get("/readyz").json["reason"] == "InvalidConfiguration"
        assert update(sidecar, type("S", (), {"put": staticmethod(lambda *_: "http://127.0.0.1:9/x")})).status == 503
    assert "hostPID" in message, message
    assert "shareProcessNamespace: true" in message, message
    assert things[0].count() == 0


# ---- single files ---------------------------------------------------------------------------------------------------------------


def test_a_single_file_mounted_by_sub_path_is_warned_about(pod, tmp_path, start_in_pod, source, shared):
    """The game mounts the file itself: it has the old inode for ever, whatever is renamed over it."""
    (shared / "map.json").write_bytes(b"V1")
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "map.json").touch()
    game = InPod(pod, tmp_path / "game", "game", mounts=[(shared / "map.json", tmp_path / "html" / "map.json")])
    sidecar = start_in_pod(pod, processName="the-game")
    wait_until(lambda: "subPath" in sidecar.log(), what="it is warned at start")
    assert "map.json" in sidecar.log()
    answer = update(sidecar, source)
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert "warning" in answer.json["message"], answer
    assert "subPath" in answer.json["message"], answer
    assert [each["reason"] for each in answer.json["warnings"]] == ["SingleFileMounted"], answer


def test_a_folder_mounted_by_sub_path_is_fine(pod, tmp_path, start_in_pod, source, shared):
    (shared / "content").mkdir()
    (tmp_path / "html").mkdir()
    game = InPod(pod, tmp_path / "game", "game", mounts=[(shared / "content", tmp_path / "html")])
    sidecar = start_in_pod(pod, processName="the-game")
    answer = sidecar.update("v1", source.put("/map.json", b"1"), path="content/map.json")
    assert answer.status == 200, answer
    assert game.wait_for(1) == 1, answer
    assert "subPath" not in answer.json["message"] + sidecar.log(), answer


def test_a_folder_in_which_the_game_alone_has_mounted_something_stays_where_it_is(pod, tmp_path, start_in_pod, source, shared):
    """Where the folder is renamed, the mount is not seen: it would go with the old folder, and leave the game when that is deleted."""
    (shared / "content/saves").mkdir(parents=True)
    (tmp_path / "volume").mkdir()
    game = InPod(pod, tmp_path / "game", "game", mounts=[(tmp_path / "volume", shared / "content/saves")])
    sidecar = start_in_pod(pod, processName="the-game")

    def send(version, path, files, **fields):
        return sidecar.update(version, source.put("/" + version, tar(files)), path=path, format="archive", **fields)

    for path in ("content", "content/saves", "."):
        answer = send("v1", path, {"content/a": b"1"})
        assert (answer.status, answer.json["reason"]) == (400, "TargetIsMountPoint"), answer
        assert "'content/saves' of fileDir" in answer.json["message"], answer
    assert not source.requests, "it is seen before anything is fetched"
    assert send("v2", "content/maps", {"a": b"2"}).status == 200
    assert send("v3", ".", {"beside": b"3"}, mode="overlay").status == 200
    assert game.wait_for(2) == 2


@pytest.mark.parametrize("name", ["Quiz-Lobby.py", "quiz-lobby*", "quiz_lobby.py"])
def test_the_nearest_is_named_by_its_script_wherever_that_lies(things, tmp_path, start_sidecar, source, name):
    script = tmp_path / "quiz-lobby.py"
    script.write_text("import time\nprint('ready', flush=True)\ntime.sleep(600)\n")
    game = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE)
    try:
        assert game.stdout.readline() == b"ready\n"
        answer = update(sidecar_for(start_sidecar, name), source)
    finally:
        game.kill()
        game.communicate()
    assert answer.status == 500, answer
    assert "; the nearest are " in answer.json["message"], answer
    assert f"process {game.pid} " in answer.json["message"], answer


@pytest.mark.parametrize("option", ["hidepid=1", "hidepid=2"])
def test_a_proc_that_hides_other_users_processes_is_named(things, tmp_path, shared, source, option):
    os.chown(shared, USER, USER)
    things.append(game := PlainGame(tmp_path / "game", "C", signal.SIGUSR1))
    config = {"fileDir": str(shared), "storageConfig": {"type": "Local"},
              "signal": {"processName": game.process_name, "signalName": "SIGUSR1", "waitSeconds": 0}}
    hides = ["unshare", "--mount", "sh", "-c", f'mount -t proc -o {option} proc /proc && exec "$@"', "sh"]
    things.append(sidecar := start_as_user(tmp_path, config, hides))
    answer = update(sidecar, source)
    assert (answer.status, answer.json["reason"]) == (500, "GameNotFound"), answer
    assert "/proc shows it the processes of its own user alone (hidepid)" in answer.json["message"], answer
