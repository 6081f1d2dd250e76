"""Which steps of an exhaustive test are tried: all of them with FULL=1, else one in so many, chosen by a seed.

The seed is OKG_SEED, which scripts/test takes from the commit: each commit tries other steps, and the same commit the same ones.
A sanitizer makes every step slower and finds the same faults in most, so that it tries fewer, and others than a run without."""

import hashlib
import os

from sidecar import SANITIZED

SEED = os.environ.get("OKG_SEED", "1")
ONE_IN = 1 if os.environ.get("FULL") else 16 if SANITIZED else 4


def is_tried(*what, seed=SEED, one_in=ONE_IN):
    """`what` names a step of a test. The same answer on every machine."""
    text = "/".join(map(str, [seed, os.environ.get("OKG_SANITIZED", ""), *what]))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % one_in == 0


def steps_to_try(test, max_steps, **choice):
    """The steps 1 to max_steps - 1 of a test, or some. The last one is always there: at it an update has long completed, so
    that a test that goes on until one does comes to its end."""
    return [step for step in range(1, max_steps) if step == max_steps - 1 or is_tried(test, step, **choice)]


def report():
    which = "every step (FULL=1)" if ONE_IN == 1 else f"one step in {ONE_IN}, OKG_SEED={SEED} repeats them; FULL=1 tries all"
    return f"crash: {which}"
