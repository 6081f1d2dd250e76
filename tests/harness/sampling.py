"""Which tests of a group and which steps of an exhaustive test are tried, chosen by a seed: all with FULL=1.

The seed is OKG_SEED, which scripts/test takes from the commit: each commit tries other steps, and the same commit the same ones.
A sanitizer makes every step slower and finds the same faults in most, so that it tries fewer, and others than a run without."""

import hashlib
import os

from sidecar import SANITIZED

SEED = os.environ.get("OKG_SEED", "1")
ONE_IN = 1 if os.environ.get("FULL") else 16 if SANITIZED else 4


def number_of(*what):
    """The same on every machine."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, what)).encode()).digest()[:8], "big")


def is_tried(*what, seed=SEED, one_in=ONE_IN):
    """`what` names a step of a test."""
    return number_of(seed, os.environ.get("OKG_SANITIZED", ""), *what) % one_in == 0


def is_in_share(test, share=os.environ.get("OKG_SHARE", "0/1"), seed=SEED):
    """A share "I/N" is one of N parts that the tests of a group are divided into, by the seed: I is 0 to N - 1."""
    number, shares = map(int, share.split("/"))
    return number_of(seed, test) % shares == number


def steps_to_try(test, max_steps, **choice):
    """The steps 1 to max_steps - 1 of a test, or some. The last one is always there: at it an update has long completed, so
    that a test that goes on until one does comes to its end."""
    return [step for step in range(1, max_steps) if step == max_steps - 1 or is_tried(test, step, **choice)]


def report():
    which = "every step (FULL=1)" if ONE_IN == 1 else f"one step in {ONE_IN}, OKG_SEED={SEED} repeats them; FULL=1 tries all"
    return f"crash: {which}"
