"""A disk that takes seconds for each line of the journal, as network volumes do at times."""

import pathlib
import selectors
import subprocess
import time

import pytest
from sidecar import SANITIZED
from waiting import wait_until

CLIENTS = 200
ROUNDS = 20
STATUS_SECONDS = 0.020
HEALTH_SECONDS = 0.010
WAITED_SECONDS = 1.0
STATUS = b"GET /hot-update HTTP/1.1\r\nHost: a\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


class SlowSyncs:
    """Makes each fdatasync of a sidecar take 3 s, and knows of each."""

    def __init__(self, folder):
        self.library = folder / "slow_sync.so"
        self.notes = folder / "syncs"
        source = pathlib.Path(__file__).with_name("slow_sync.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", self.library, source], check=True)

    def env(self):
        return {"LD_PRELOAD": str(self.library), "SLOW_SYNC_NOTES": str(self.notes)}

    def text(self):
        return self.notes.read_text() if self.notes.exists() else ""

    def begun(self):
        return self.text().count("(")

    def in_progress(self):
        return self.begun() > self.text().count(")")


def seconds_to_answer(calls):
    """Sends each (line, data) before it reads any answer; how long each took, in the order of `calls`."""
    sent, came = {}, {}
    with selectors.EpollSelector() as selector:
        for line, _ in calls:
            selector.register(line.socket, selectors.EVENT_READ, line)
        for line, data in calls:
            sent[line] = time.monotonic()
            line.send(data)
        while len(came) < len(calls):
            ready = selector.select(20)
            now = time.monotonic()
            assert ready, f"{len(calls) - len(came)} of {len(calls)} calls got no answer"
            for key, _ in ready:
                came[key.data] = now
                selector.unregister(key.fileobj)
    for line, _ in calls:
        assert line.answer()[0] == 200
    return [came[line] - sent[line] for line, _ in calls]


def rounds_of_calls(lines):
    """Of each round: the slowest of 200 status calls at once, and the /healthz in their middle."""
    health, *status = lines
    half = len(status) // 2
    calls = [(line, STATUS) for line in status]
    calls.insert(half, (health, HEALTH))
    rounds = []
    for _ in range(ROUNDS):
        took = seconds_to_answer(calls)
        health_took = took.pop(half)
        rounds.append((max(took), health_took))
    return rounds


@pytest.mark.alone
@pytest.mark.skipif(SANITIZED, reason="a sanitizer's runtime has to be loaded first, and is slow")
def test_status_is_answered_at_once_while_each_sync_of_the_journal_takes_3_s(start_sidecar, source, tmp_path, lines):
    syncs = SlowSyncs(tmp_path)
    sidecar = start_sidecar(env=syncs.env(), host={"http": {"maxConnections": 512, "maxConnectionsPerPeer": 512}})
    held = [lines(sidecar.port) for _ in range(CLIENTS + 1)]

    assert sidecar.update("v1", source.put("/a", b"new"), wait="false").status == 202
    for sync, what in [(1, "that the update started"), (2, "its intent")]:
        wait_until(lambda sync=sync: syncs.begun() == sync and syncs.in_progress(), what=f"the journal syncs {what}")
        rounds = rounds_of_calls(held)
        assert syncs.begun() == sync, "the calls were made during one sync"
        assert syncs.in_progress(), "the calls were made during one sync"
        # Others may use the machine in any round, but not in all of them.
        assert min(status for status, _ in rounds) < STATUS_SECONDS, rounds
        assert min(health for _, health in rounds) < HEALTH_SECONDS, rounds
        # Who waits for the disk waits for most of 3 s.
        assert max(max(each) for each in rounds) < WAITED_SECONDS, rounds
    wait_until(lambda: sidecar.status()["results"], what="the update ends")
    assert sidecar.status()["results"][-1]["result"] == "Succeeded"
