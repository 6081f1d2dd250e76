"""Whatever the moment at which the sidecar or the machine dies, the next start leaves old or new content, whole, and says which.

Each test runs one update of the real binary under file_steps, ends it with SIGKILL before its first call that changes a file,
then before its second, and so on until the update completes; then it takes the steps of a whole run, and gives the next start
what a disk may hold when the power is cut after each of them."""

import contextlib
import json
import os
import shutil
import subprocess
import urllib.error

import pytest

from disk import LOSSES, Disk, fill, fingerprint
from journal_reader import framed, kept_of
from sidecar import BINARY, Sidecar, request
from waiting import wait_until

FILE_STEPS = BINARY.parent / "tests/crash/file_steps"
OLD, NEW, LATER = os.urandom(150_000), os.urandom(200_000), os.urandom(1000)
STATE = ".okg-sidecar"
MOST_STEPS = 200


class Scenario:
    """A shared directory as it was before, a sidecar's configuration, and what it is asked to do."""

    def __init__(self, tmp_path, source, game, things):
        self.folder, self.source, self.things = tmp_path, source, things
        self.shared, self.before = tmp_path / "shared", tmp_path / "before"
        self.shared.mkdir()
        self.game, self.deaf = game, False
        self.path, self.old, self.new = "index.html", OLD, NEW
        self.restores = False  # the update is the one that a start makes
        self.counts_start = False
        self.rolls_back = False
        self.told_before = 0  # results of the version "new" from before the update
        self.starts = 0
        self.url = source.put("/new/index.html", NEW)

    def config(self):
        signal_name = "SIGUSR2" if self.deaf else "SIGUSR1"
        return {
            "fileDir": str(self.shared),
            "storageConfig": {"type": "Local"},
            "signal": {"processName": self.game.process_name, "signalName": signal_name, "waitSeconds": 0},
        }

    @contextlib.contextmanager
    def sidecar(self, kill_at=None, armed=None, log=None, wait_ready=True):
        self.starts += 1
        folder = self.folder / f"run-{self.starts}"
        argv = [str(BINARY), "--config", str(folder / "config.yaml")]
        env = {}
        if kill_at is not None:
            argv = [str(FILE_STEPS), str(self.shared), str(armed), str(log), str(kill_at), *argv]
            env = {"ASAN_OPTIONS": "detect_leaks=0"}  # LeakSanitizer is itself a tracer
        running = Sidecar(folder, self.config(), argv=argv, env=env, wait_ready=wait_ready and not self.restores)
        try:
            yield running
        finally:
            if running.process.poll() is None:
                running.kill()
            shutil.rmtree(folder)

    def remember(self):
        """What is there now is what each run begins with. Copies keep their hard links."""
        subprocess.run(["cp", "-a", self.shared, self.before], check=True)

    def begin_again(self):
        shutil.rmtree(self.shared)
        subprocess.run(["cp", "-a", self.before, self.shared], check=True)

    def content(self):
        file = self.shared / self.path
        return file.read_bytes() if file.exists() else None

    def run_until(self, kill_at):
        """One update under file_steps: its steps, and whether it was ended before it was done."""
        armed, log = self.folder / "armed", self.folder / "steps"
        armed.unlink(missing_ok=True)
        if self.restores or self.counts_start:
            armed.touch()
        try:
            with self.sidecar(kill_at, armed, log) as running:
                armed.touch()
                if not self.restores:
                    with contextlib.suppress(OSError, urllib.error.URLError, ConnectionError):
                        self.ask(running)

                def ended():
                    if running.process.poll() is not None:
                        return "killed"
                    with contextlib.suppress(OSError, urllib.error.URLError):
                        status = running.status()
                        if status.get("ready") and status["results"] and all(each["recorded"] for each in status["results"]):
                            return "done"

                killed = wait_until(ended, what="killed or done") == "killed"
                # The note that all is recorded comes after the answer that says so.
                if not killed:
                    running.stop()
        except (RuntimeError, OSError):
            if not armed.exists() or kill_at == 0 or "killedBefore" not in log.read_text():
                raise
            killed = True  # before it listened
        steps = [json.loads(line) for line in log.read_text().splitlines()]
        return [step for step in steps if "call" in step], killed or "killedBefore" in (steps or [{}])[-1]

    def ask(self, running):
        if self.rolls_back:
            request(running.base + "/hot-update/rollback", "POST", b"version=new")
        else:
            running.update("new", self.url, path=self.path)

    def check_next_start(self, where, promised):
        """`promised`: a start of the update is on the disk, so that its end has to be told."""
        assert self.restores or self.content() in (self.old, self.new), f"{where}: neither old nor new"
        with self.sidecar() as running:
            running.wait_ready()
            wait_until(lambda: all(each["recorded"] for each in running.status()["results"]), what=f"{where}: recorded")
            self.check_settled(where, running, promised)
            # The next update goes its way.
            answer = running.update("later", self.source.put("/later", LATER), path=self.path)
            if not self.deaf:
                assert answer.status == 200 and self.content() == LATER, f"{where}: {answer}"
            assert answer.json["recorded"], f"{where}: {answer}"
            self.check_kept(where)

    def check_settled(self, where, running, promised):
        content, results = self.content(), running.status()["results"]
        told = [each for each in results if each["version"] == "new"][self.told_before:]
        assert content == self.new if self.restores else content in (self.old, self.new), f"{where}: neither old nor new"
        if self.deaf:
            assert content == self.old, f"{where}: a game that was not told has new content"
        assert told or self.restores or not promised, f"{where}: nothing is said of the update: {results}"
        if told:
            succeeded = told[-1]["result"] in ("Succeeded", "Unchanged")
            assert succeeded == (content == self.new), f"{where}: {told[-1]}"
            record = json.loads((self.shared / STATE / "result.json").read_text())
            assert record["version"] == "new" or self.restores, f"{where}: {record}"
            assert (record["files"].get(self.path, {}).get("version") == "new") == succeeded, f"{where}: {record}"
        if not told and not self.restores:
            assert content == self.old, f"{where}: new content that nobody knows of"
        assert not list((self.shared / STATE / "staging").iterdir()), f"{where}: staging is not empty"
        assert not list((self.shared / STATE).glob("*.new")), f"{where}: a half-written file stays"
        self.check_kept(where)

    def check_kept(self, where):
        there = {file.name for file in (self.shared / STATE / "kept").iterdir()}
        named = kept_of(self.shared / STATE / "journal")
        assert there == set(named), f"{where}: kept/ holds {there}, the journal names {set(named)}"
        for name in there:
            assert (self.shared / STATE / "kept" / name).read_bytes() in (self.old, self.new, LATER), f"{where}: {name} is torn"

    def kill_at_every_step(self):
        for kill_at in range(1, MOST_STEPS):
            self.begin_again()
            steps, killed = self.run_until(kill_at)
            if not killed:
                assert kill_at > 10, f"only {kill_at} steps: the update was not seen"
                return
            self.check_next_start(f"killed before step {kill_at}, after {steps[-1:]}", is_promised(steps))
        raise AssertionError(f"an update of {MOST_STEPS} steps has no end")

    def cut_the_power_after_every_step(self):
        self.begin_again()
        disk = Disk(self.shared)
        steps, _ = self.run_until(0)
        real = {str(file.relative_to(self.shared)): file.read_bytes() for file in self.shared.rglob("*") if file.is_file()}
        done, seen = [], set()
        for step in [None, *steps]:
            if step:
                disk.apply(step)
                done.append(step)
            for loss in LOSSES:
                tree = disk.tree(loss)
                if fingerprint(tree) in seen:
                    continue
                seen.add(fingerprint(tree))
                fill(self.shared, tree)
                self.check_next_start(f"power cut after step {len(done)} {step and {**step, 'data': ''}}; {loss}", is_promised(done))
        assert disk.files() == real, "the model does not follow the disk"


def is_promised(steps):
    """From the moment at which the content begins to be staged, the journal has said durably that an update is under way."""
    return any("/staging/" in step["path"] for step in steps)


@pytest.fixture
def scenario(tmp_path, source, game, things):
    return Scenario(tmp_path, source, game, things)


def begin_with_old(scenario):
    (scenario.shared / scenario.path).write_bytes(OLD)


def replaces(scenario):
    """The old content is one that the sidecar itself put there, with two earlier ones kept."""
    with scenario.sidecar() as running:
        for version in ("old-1", "old-2", "old"):
            assert running.update(version, scenario.source.put(f"/{version}", OLD), path=scenario.path, force="true").status == 200
        running.stop()


def start_once(scenario):
    with scenario.sidecar() as running:
        running.stop()


def first_with_nothing_there(scenario):
    scenario.old = None
    start_once(scenario)


def first_over_content_of_the_game(scenario):
    begin_with_old(scenario)
    start_once(scenario)


def with_the_first_start(scenario):
    """The state directory is made as well."""
    begin_with_old(scenario)
    scenario.counts_start = True


def in_a_new_folder(scenario):
    scenario.path, scenario.old = "maps/deep/1.bin", None
    start_once(scenario)


def put_back(scenario):
    replaces(scenario)
    scenario.deaf = True


def removed_again(scenario):
    scenario.old, scenario.deaf = None, True
    start_once(scenario)


def with_a_long_journal(scenario):
    """So long that the next outcome makes it be rewritten."""
    replaces(scenario)
    line = framed({"recorded": 3})
    journal = scenario.shared / STATE / "journal"
    with open(journal, "a") as file:
        file.write(line * ((256 * 1024 - journal.stat().st_size) // len(line)))


def rolled_back(scenario):
    """What is asked for is kept content, which is kept no longer once it is live."""
    with scenario.sidecar() as running:
        assert running.update("new", scenario.url, path=scenario.path).status == 200
        assert running.update("old", scenario.source.put("/old", OLD), path=scenario.path).status == 200
        running.stop()
    scenario.rolls_back, scenario.told_before = True, 1


def restored(scenario):
    """The result says that "new" is to be live, and another content is there."""
    with scenario.sidecar() as running:
        assert running.update("new", scenario.url, path=scenario.path).status == 200
        running.stop()
    begin_with_old(scenario)
    scenario.restores = True


SCENARIOS = [replaces, first_with_nothing_there, first_over_content_of_the_game, with_the_first_start, in_a_new_folder, put_back, removed_again,
             with_a_long_journal, rolled_back, restored]


@pytest.mark.parametrize("prepare", SCENARIOS, ids=lambda prepare: prepare.__name__)
def test_killed_at_any_step_the_next_start_has_old_or_new_content_and_says_which(scenario, prepare):
    prepare(scenario)
    scenario.remember()
    scenario.kill_at_every_step()


@pytest.mark.parametrize("prepare", SCENARIOS, ids=lambda prepare: prepare.__name__)
def test_after_a_power_cut_at_any_step_the_next_start_has_old_or_new_content_and_says_which(scenario, prepare):
    prepare(scenario)
    scenario.remember()
    scenario.cut_the_power_after_every_step()
