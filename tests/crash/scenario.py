"""One update in all the ways in which it can be made: what is there before it, and what a sidecar is asked to do."""

import contextlib
import json
import os
import shutil
import subprocess

from journal_reader import framed, kept_of
from sidecar import BINARY, Sidecar, request
from waiting import wait_until

FILE_STEPS = BINARY.parent / "tests/crash/file_steps"
OLD, NEW, LATER = os.urandom(150_000), os.urandom(200_000), os.urandom(1000)
STATE = ".okg-sidecar"
MOST_STEPS = 200


def content_of(path):
    """Bytes of a file, {relative path: bytes} of a folder but for the sidecar's own, None of nothing."""
    if not path.is_dir():
        return path.read_bytes() if path.exists() else None
    files = {str(file.relative_to(path)): file for file in path.rglob("*") if file.is_file()}
    return {name: file.read_bytes() for name, file in files.items() if not name.startswith(STATE)}


class Scenario:
    """A shared directory as it was before, a sidecar's configuration, and what it is asked to do."""

    def __init__(self, tmp_path, source, game):
        self.folder, self.source = tmp_path, source
        self.shared, self.before = tmp_path / "shared", tmp_path / "before"
        self.shared.mkdir()
        self.armed, self.log = tmp_path / "armed", tmp_path / "steps"
        self.game, self.deaf = game, False
        self.path, self.old, self.new, self.later, self.later_body = "index.html", OLD, NEW, LATER, LATER
        self.around = None  # the folder that old, new and later are the content of, where that is not the path
        self.replaced = None  # what is kept of the old content, where that is not all of it
        self.kept_before = []  # what may be kept as well
        self.goes_with_it = None  # a path that is live by itself as long as the old content is
        self.restores = False  # the update is the one that a start makes
        self.counts_start = False
        self.is_whole = False  # the shared directory itself, whose entries go live one after the other, or a folder by two renames
        self.env = {}
        self.keeps_inodes = False  # the disk is the one of the intent, else a copy of it, where trees are known by their content
        self.rolls_back = False
        self.told_before = 0  # results of the version "new" from before the update
        self.starts = 0
        self.fields, self.later_fields = {}, None
        self.url = source.put("/new/index.html", NEW)

    def config(self):
        signal_name = "SIGUSR2" if self.deaf else "SIGUSR1"
        return {
            "fileDir": str(self.shared),
            "storageConfig": {"type": "Local"},
            "signal": {"processName": self.game.process_name, "signalName": signal_name, "waitSeconds": 0,
                       "settleMilliseconds": 10},
        }

    @contextlib.contextmanager
    def sidecar(self, action=None, wait_ready=True):
        """With an action it runs under file_steps, which counts from the moment that `armed` exists."""
        self.starts += 1
        folder = self.folder / f"run-{self.starts}"
        argv = [str(BINARY), "--config", str(folder / "config.yaml")]
        env = dict(self.env)
        if action:
            self.armed.unlink(missing_ok=True)
            if self.restores or self.counts_start:
                self.armed.touch()
            argv = [str(FILE_STEPS), str(self.shared), str(self.armed), str(self.log), action, *argv]
            env["ASAN_OPTIONS"] = "detect_leaks=0"  # LeakSanitizer is itself a tracer
        running = Sidecar(folder, self.config(), argv=argv, env=env, wait_ready=wait_ready and not self.restores)
        try:
            yield running
        finally:
            if running.process.poll() is None:
                running.kill()
            shutil.rmtree(folder)

    def noted(self):
        """The lines of file_steps' log; the one that is being written is not one yet."""
        return [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def remember(self):
        """What is there now is what each run begins with. Copies keep their hard links."""
        subprocess.run(["cp", "-a", self.shared, self.before], check=True)

    def begin_again(self):
        shutil.rmtree(self.shared)
        subprocess.run(["cp", "-a", self.before, self.shared], check=True)

    def content(self):
        return content_of(self.shared / (self.around or self.path))

    def ask(self, running):
        if self.rolls_back:
            return request(running.base + "/hot-update/rollback", "POST", b"version=new")
        return running.update("new", self.url, path=self.path, **self.fields)

    def roll_back(self, running):
        return request(running.base + "/hot-update/rollback", "POST", f"path={self.path}".encode())

    def check_kept(self, where):
        there = {file.name for file in (self.shared / STATE / "kept").iterdir()}
        named = kept_of(self.shared / STATE / "journal")
        assert there == set(named), f"{where}: kept/ holds {there}, the journal names {set(named)}"
        for name, kept in self.kept().items():
            assert kept in [self.old, self.new, self.later, self.replaced, *self.kept_before], f"{where}: {name} is torn"

    def kept(self):
        """{name: content}. A tree is kept in a container, under the name that it had."""
        folder = self.shared / STATE / "kept"
        return {each.name: content_of(each / self.path if each.is_dir() and self.path != "." else each) for each in folder.iterdir()}

    def check_tidy(self, where):
        assert not list((self.shared / STATE / "staging").iterdir()), f"{where}: staging is not empty"
        # One that is being written now is renamed at once.
        wait_until(lambda: not list((self.shared / STATE).glob("*.new")), what=f"{where}: no half-written file stays")
        self.check_kept(where)

    def check_next(self, where, running):
        """The next update goes its way."""
        fields = self.fields if self.later_fields is None else self.later_fields
        answer = running.update("later", self.source.put("/later", self.later_body), path=self.path, **fields)
        if not self.deaf:
            assert answer.status == 200, f"{where}: {answer}"
            assert self.content() == self.later, f"{where}: {answer}"
        assert answer.json["recorded"], f"{where}: {answer}"


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


def reverted(scenario):
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


SCENARIOS = [replaces, first_with_nothing_there, first_over_content_of_the_game, with_the_first_start, in_a_new_folder, reverted, removed_again,
             with_a_long_journal, rolled_back, restored]
