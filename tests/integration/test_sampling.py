"""What a sampled form of the tests leaves out, the full form or another commit tries."""

from sampling import is_in_share, steps_to_try

MAX_STEPS = 200


def test_the_full_form_tries_every_step():
    assert steps_to_try("a test", MAX_STEPS, one_in=1) == list(range(1, MAX_STEPS))


def test_a_seed_tries_the_same_steps_again():
    assert steps_to_try("a test", MAX_STEPS, seed="7", one_in=4) == steps_to_try("a test", MAX_STEPS, seed="7", one_in=4)


def test_another_test_tries_other_steps():
    assert steps_to_try("a test", MAX_STEPS, seed="7", one_in=4) != steps_to_try("another", MAX_STEPS, seed="7", one_in=4)


def test_one_step_in_so_many_is_tried():
    counts = [len(steps_to_try("a test", MAX_STEPS, seed=str(seed), one_in=4)) for seed in range(100)]
    assert 40 < sum(counts) / len(counts) < 60


def test_a_hundred_commits_leave_no_step_out():
    tried = {step for seed in range(100) for step in steps_to_try("a test", MAX_STEPS, seed=str(seed), one_in=4)}
    assert tried == set(range(1, MAX_STEPS))


def test_the_last_step_is_always_tried():
    assert all(steps_to_try("a test", MAX_STEPS, seed=str(seed), one_in=16)[-1] == MAX_STEPS - 1 for seed in range(100))


TESTS = [f"tests/field/test_downloads.py::test_{number}" for number in range(200)]


def test_every_test_is_in_one_share():
    for test in TESTS:
        assert sum(is_in_share(test, f"{number}/3", "7") for number in range(3)) == 1


def test_shares_are_about_equal():
    assert 70 < sum(is_in_share(test, "0/2", "7") for test in TESTS) < 130


def test_another_commit_divides_tests_otherwise():
    assert [is_in_share(test, "0/2", "7") for test in TESTS] != [is_in_share(test, "0/2", "8") for test in TESTS]


def test_all_tests_are_tried_unless_a_share_is_asked_for():
    assert all(is_in_share(test, "0/1") for test in TESTS)
