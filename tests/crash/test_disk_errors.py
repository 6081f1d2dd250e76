"""Whatever call fails with an input/output error, the answer says what is live, nothing kept is lost, and the next update heals it.

Each test runs one update of the real binary under file_steps, which answers its first call that changes a file with EIO, then
its second, and so on: alone (fail), with every later one until the disk is well again (fail-from), or after it was made (lie,
lie-from); or calls that only look at a file (blind)."""

import json

import pytest

from sampling import steps_to_try
from scenario import MOST_STEPS, SCENARIOS, STATE, Scenario
from sidecar import SANITIZED
from waiting import wait_until

NOT_BACK = "reverting to the old content failed"


@pytest.fixture
def scenario(tmp_path, source, game):
    return Scenario(tmp_path, source, game)


class Failing:
    """One update whose calls fail from `step` on (or only that one), and what became of it."""

    def __init__(self, scenario, mode, step):
        self.scenario, self.action, self.where = scenario, f"{mode}:{step}", f"{mode} {step}"
        self.answer = None

    def run(self, goes_on):
        """False when no call failed. `goes_on`: the same process makes the next update; otherwise it is ended at once."""
        scenario = self.scenario
        scenario.begin_again()
        with scenario.sidecar(self.action, wait_ready=not scenario.counts_start) as running:
            if scenario.counts_start or scenario.restores:
                wait_until(lambda: self.has_tried(running), what=f"{self.where}: tried")
            scenario.armed.touch()
            if not scenario.restores:
                self.answer = scenario.ask(running)
                self.check_answer(running)
            self.where += f" (first {self.failed()[:1]}), answered {self.answer}"
            if goes_on:
                scenario.armed.unlink()  # the disk is well again
                running.wait_ready()
                self.check_going_on(running)
            assert running.process.poll() is None, f"{self.where}: it has ended"
            running.kill()
        failed = bool(self.failed())
        self.check_next_start(goes_on)
        return failed

    def has_tried(self, running):
        """A start has come as far as it can, or has failed and says why."""
        ready = running.get("/readyz")
        return ready.status == 200 or b"Input/output error" in ready.body

    def failed(self):
        """The calls that were answered with EIO, without what they wrote."""
        return [f"{each['failed']['call']} of {each['failed']['path']}" for each in self.scenario.noted() if "failed" in each]

    def succeeded(self):
        return self.answer is not None and self.answer.status == 200

    def is_not_back(self):
        return self.answer is not None and NOT_BACK in self.answer.json["message"]

    def live_version(self, running):
        return running.status()["live"].get(self.scenario.path, {}).get("version")

    def check_answer(self, running):
        scenario, content = self.scenario, self.scenario.content()
        assert content in (scenario.old, scenario.new) or (scenario.is_whole and self.is_not_back()), f"{self.where}: neither old nor new"
        assert "result" in self.answer.json or self.answer.status == 503, f"{self.where}: {self.answer}"
        if self.succeeded():
            assert content == scenario.new, f"{self.where}: {self.answer}, and it is not live"
        else:
            assert content == scenario.old or NOT_BACK in self.answer.json["message"], f"{self.where}: {self.answer}"
            if not scenario.deaf and self.answer.status != 503:
                assert "Input/output error" in self.answer.json["message"], f"{self.where}: {self.answer}"
        if running.get("/hot-update").status == 200 and not self.is_not_back():
            assert (self.live_version(running) == "new") == (content == scenario.new), f"{self.where}: {running.status()}"

    def check_going_on(self, running):
        """Updates and rollbacks go their way, and nothing that was promised to be kept is missing."""
        scenario = self.scenario
        before = scenario.old if self.is_not_back() else scenario.content()
        if scenario.restores:
            assert before == scenario.new, f"{self.where}: not restored"
        scenario.check_next(self.where, running)
        if not scenario.deaf:
            answer = scenario.roll_back(running)
            if before is None:
                assert answer.status == 404, f"{self.where}: {answer}"
            else:
                assert answer.status == 200, f"{self.where}: {answer}"
                assert scenario.content() == before, f"{self.where}: {answer}"
        scenario.check_tidy(self.where)

    def check_next_start(self, went_on):
        scenario, before = self.scenario, self.scenario.content()
        with scenario.sidecar() as running:
            running.wait_ready()
            wait_until(lambda: all(each["recorded"] for each in running.status()["results"]), what=f"{self.where}: recorded")
            content, status = scenario.content(), running.status()
            told = [each for each in status["results"] if each["version"] == "new"][scenario.told_before :]
            versions = [self.live_version(running)]
            if status["results"]:
                record = json.loads((scenario.shared / STATE / "result.json").read_text())
                versions.append(record["files"].get(scenario.path, {}).get("version"))
            for version in versions:
                assert (version == "new") == (content == scenario.new), f"{self.where}: {content and len(content)} {status}"
            if scenario.restores:
                assert content == scenario.new or went_on, self.where
            elif went_on:
                assert content == before, self.where
                if self.answer.status != 503:
                    assert told, f"{self.where}: {status}"
                    assert told[0]["result"] == self.answer.json["result"], f"{self.where}: {status}"
            elif self.is_not_back():
                # The start puts it back, or, where the journal did not take that it failed, finishes it.
                assert content == scenario.old or (content == scenario.new and told[-1]["result"] == "Succeeded"), f"{self.where}: {status}"
            elif self.succeeded():
                assert content == scenario.new, f"{self.where}: {status}"
                assert told[-1]["result"] in ("Succeeded", "Unchanged"), f"{self.where}: {status}"
            else:
                assert content == before or (scenario.deaf and content == scenario.old), self.where
                if told and told[-1]["result"] != "Succeeded":
                    assert content == scenario.old, f"{self.where}: {told}"
            scenario.check_tidy(self.where)
            scenario.check_next(self.where, running)


# Sanitizers look at the code that answers errors, which is the same in all of them.
GOES_ON = ["fail-from", "blind"] if SANITIZED else ["fail", "fail-from", "lie", "lie-from", "blind"]
IS_ENDED = [] if SANITIZED else ["fail", "fail-from", "lie-from"]


@pytest.mark.parametrize(
    ("mode", "goes_on"),
    [*(pytest.param(mode, True, id=f"{mode}-goes_on") for mode in GOES_ON), *(pytest.param(mode, False, id=f"{mode}-ended") for mode in IS_ENDED)],
)
@pytest.mark.parametrize("prepare", SCENARIOS, ids=lambda prepare: prepare.__name__)
def test_a_call_that_fails(scenario, prepare, mode, goes_on):
    prepare(scenario)
    scenario.remember()
    for step in steps_to_try(f"{mode} {goes_on} {prepare.__name__}", MOST_STEPS):
        if not Failing(scenario, mode, step).run(goes_on):
            assert step > 10, f"only {step} steps: the update was not seen"
            return
    raise AssertionError(f"an update of {MOST_STEPS} steps has no end")
