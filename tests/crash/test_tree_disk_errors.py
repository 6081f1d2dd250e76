"""The same for a folder that goes live as a whole: whatever call fails, all of it is of one version, and the next update heals it.

Fewer ways than for files: what answers a failing call is shared, and an update of a folder makes more calls."""

import pytest

from sampling import ONE_IN, steps_to_try
from scenario import MOST_STEPS, Scenario
from test_disk_errors import Failing
from tree_scenarios import TREE_SCENARIOS


# There are many of them, and each answers as the others do.
RARELY = {} if ONE_IN == 1 else {"one_in": 3 * ONE_IN}


@pytest.fixture
def scenario(tmp_path, source, game):
    return Scenario(tmp_path, source, game)


@pytest.mark.parametrize(("mode", "goes_on"), [("fail", True), ("fail-from", False)], ids=["fail-goes_on", "fail-from-ended"])
@pytest.mark.parametrize("prepare", TREE_SCENARIOS, ids=lambda prepare: prepare.__name__)
def test_a_call_that_fails(scenario, prepare, mode, goes_on):
    prepare(scenario)
    scenario.remember()
    for step in steps_to_try(f"tree {mode} {goes_on} {prepare.__name__}", MOST_STEPS, **RARELY):
        if not Failing(scenario, mode, step).run(goes_on):
            assert step > 10, f"only {step} steps: the update was not seen"
            return
    raise AssertionError(f"an update of {MOST_STEPS} steps has no end")
