"""Signals that reach the sidecar itself: by `pkill -HUP` in a pod whose containers see each other, by a script of the game."""

import signal
import threading

import pytest

from half import Half
from waiting import wait_until

RELOAD = {"SIGHUP": signal.SIGHUP, "SIGUSR1": signal.SIGUSR1, "SIGUSR2": signal.SIGUSR2, "SIGALRM": signal.SIGALRM,
          "SIGRTMIN": signal.SIGRTMIN, "SIGRTMIN+3": signal.SIGRTMIN + 3, "SIGRTMIN+30": signal.SIGRTMAX}


def wait_for_lines(sidecar, words, count=1):
    """That many lines of its log with these words; a sidecar that has ended writes no more."""

    def lines():
        found = [each for each in sidecar.log().splitlines() if words in each]
        if len(found) < count:
            sidecar.check_running()
        return found if len(found) >= count else None

    return wait_until(lines, what=f"{count} lines with '{words}'", timeout=20)


@pytest.mark.parametrize("name", RELOAD)
def test_a_signal_that_was_meant_for_the_game_is_ignored_and_named(start_sidecar, source, name):
    sidecar = start_sidecar()
    sidecar.process.send_signal(RELOAD[name])
    line = wait_for_lines(sidecar, "signal ignored")[0]
    assert f"signal={name} " in line, line
    assert "the sidecar reads its configuration at a start alone" in line, line
    assert sidecar.update("v1", source.put("/map", b"map")).status == 200
    assert sidecar.stop() == 0


def update_half(sidecar, source, meanwhile):
    """The answer to an update, in the middle of whose download `meanwhile()` happens."""
    half, answers = Half(), []
    url = source.put("/map", b"", handler=half)
    thread = threading.Thread(target=lambda: answers.append(sidecar.update("v1", url)))
    thread.start()
    try:
        wait_until(lambda: source.requests, what="the download has begun")
        meanwhile()
    finally:
        half.open.set()
        thread.join(60)
    return answers[0]


def test_signals_in_the_middle_of_an_update_change_nothing(start_sidecar, source, shared):
    sidecar = start_sidecar()

    def send_all():
        for each in RELOAD.values():
            sidecar.process.send_signal(each)
        wait_for_lines(sidecar, "signal ignored", len(RELOAD))

    answer = update_half(sidecar, source, send_all)
    assert answer.status == 200, answer
    assert (shared / "map").read_bytes() == Half().body


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT], ids=lambda each: each.name)
def test_a_signal_that_asks_to_stop_lets_the_update_in_progress_end(start_sidecar, source, shared, which):
    sidecar = start_sidecar()

    def stop():
        sidecar.process.send_signal(which)
        wait_for_lines(sidecar, "stopping")

    answer = update_half(sidecar, source, stop)
    assert answer.status in (200, 503), answer
    assert sidecar.process.wait(30) == 0
    assert "stopped" in sidecar.log().splitlines()[-1]
    assert not list((shared / ".okg-sidecar/staging").iterdir())
