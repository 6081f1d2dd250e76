"""Whatever the moment at which the sidecar or the machine dies, the next start leaves old or new content, whole, and says which.

Each test runs one update of the real binary under file_steps, ends it with SIGKILL before its first call that changes a file,
then before its second, and so on until the update completes (or before some of them, harness/sampling.py); then it takes the steps of a whole run, and gives the next start
what a disk may hold when the power is cut after each of them."""

import contextlib
import json
import urllib.error

import pytest

from disk import LOSSES, Disk, fill, fingerprint, inodes_in_use
from journal_reader import with_inodes
from sampling import is_tried, steps_to_try
from scenario import MOST_STEPS, SCENARIOS, STATE, Scenario
from tree_scenarios import TREE_SCENARIOS
from waiting import wait_until


@pytest.fixture
def scenario(tmp_path, source, game):
    return Scenario(tmp_path, source, game)


def run_under(scenario, action):
    """One update under file_steps: its steps, and whether it was ended before it was done."""
    try:
        with scenario.sidecar(action) as running:
            scenario.armed.touch()
            if not scenario.restores:
                with contextlib.suppress(OSError, urllib.error.URLError, ConnectionError):
                    scenario.ask(running)

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
        if not any("killedBefore" in each for each in scenario.noted()):
            raise
        killed = True  # before it listened
    noted = scenario.noted()
    return [each for each in noted if "call" in each], killed or any("killedBefore" in each for each in noted)


def of_the_update(steps):
    """Without those of the start before it: a start may still record what it found."""
    return [step for step in steps if "early" not in step]


def is_promised(steps):
    """From the moment at which the content begins to be staged, the journal has said durably that an update is under way."""
    return any("/staging/" in step["path"] for step in steps)


def check_next_start(scenario, where, promised):
    """`promised`: a start of the update is on the disk, so that its end has to be told."""
    assert scenario.restores or scenario.is_whole or scenario.content() in (scenario.old, scenario.new), f"{where}: neither old nor new"
    with scenario.sidecar() as running:
        running.wait_ready()
        wait_until(lambda: all(each["recorded"] for each in running.status()["results"]), what=f"{where}: recorded")
        check_settled(scenario, where, running, promised)
        scenario.check_next(where, running)
        scenario.check_kept(where)


def check_settled(scenario, where, running, promised):
    content, results = scenario.content(), running.status()["results"]
    told = [each for each in results if each["version"] == "new"][scenario.told_before:]
    assert content == scenario.new if scenario.restores else content in (scenario.old, scenario.new), f"{where}: neither old nor new"
    if scenario.deaf:
        assert content == scenario.old, f"{where}: a game that was not told has new content"
    assert told or scenario.restores or not promised, f"{where}: nothing is said of the update: {results}"
    if told:
        succeeded = told[-1]["result"] in ("Succeeded", "Unchanged")
        assert succeeded == (content == scenario.new), f"{where}: {told[-1]}"
        record = json.loads((scenario.shared / STATE / "result.json").read_text())
        assert record["version"] == "new" or scenario.restores, f"{where}: {record}"
        assert (record["files"].get(scenario.path, {}).get("version") == "new") == succeeded, f"{where}: {record}"
        replaced = succeeded and scenario.old is not None and not scenario.rolls_back
        assert not replaced or (scenario.replaced or scenario.old) in scenario.kept().values(), f"{where}: the old content is lost"
        with_it = scenario.goes_with_it
        assert not with_it or (with_it in record["files"]) == (not succeeded), f"{where}: {record}"
        assert not with_it or (with_it in running.status()["live"]) == (not succeeded), f"{where}: {running.status()}"
    if not told and not scenario.restores:
        assert content == scenario.old, f"{where}: new content that nobody knows of"
    scenario.check_tidy(where)


@pytest.mark.parametrize("prepare", [*SCENARIOS, *TREE_SCENARIOS], ids=lambda prepare: prepare.__name__)
def test_killed_at_any_step_the_next_start_has_old_or_new_content_and_says_which(scenario, prepare):
    prepare(scenario)
    scenario.remember()
    for step in steps_to_try(f"kill {prepare.__name__}", MOST_STEPS):
        scenario.begin_again()
        steps, killed = run_under(scenario, f"kill:{step}")
        if not killed:
            assert step > 10, f"only {step} steps: the update was not seen"
            return
        check_next_start(scenario, f"killed before step {step}, after {steps[-1:]}", is_promised(of_the_update(steps)))
    raise AssertionError(f"an update of {MOST_STEPS} steps has no end")


@pytest.mark.parametrize("prepare", [*SCENARIOS, *TREE_SCENARIOS], ids=lambda prepare: prepare.__name__)
def test_after_a_power_cut_at_any_step_the_next_start_has_old_or_new_content_and_says_which(scenario, prepare):
    prepare(scenario)
    scenario.remember()
    scenario.begin_again()
    disk = Disk(scenario.shared)
    steps, _ = run_under(scenario, "none")
    real = {str(file.relative_to(scenario.shared)): file.read_bytes() for file in scenario.shared.rglob("*") if file.is_file()}
    for step in steps:
        if "early" in step:
            disk.apply(step)
    steps, done, seen = of_the_update(steps), [], set()
    with inodes_in_use(scenario.shared):
        for step in [None, *steps]:
            if step:
                disk.apply(step)
                done.append(step)
            for loss in LOSSES:
                tree = disk.tree(loss)
                if fingerprint(tree) in seen:
                    continue
                seen.add(fingerprint(tree))
                is_last = len(done) == len(steps)
                if not is_last and not is_tried(f"power cut {prepare.__name__}", len(done), loss):
                    continue
                paths = fill(scenario.shared, tree)
                if scenario.keeps_inodes:
                    journal = scenario.shared / STATE / "journal"
                    journal.write_bytes(with_inodes(journal, disk.new_inodes(paths)))
                where = f"power cut after step {len(done)} {step and {**step, 'data': ''}}; {loss}"
                check_next_start(scenario, where, is_promised(done))
    assert disk.files() == real, "the model does not follow the disk"
