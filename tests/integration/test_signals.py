"""Every way to write a signal, sent to a real program; and games that are slow to come up."""

import signal
import threading

import pytest
from game import SignalCounter, wait_until


@pytest.mark.parametrize(
    "written, number",
    [
        ("SIGUSR1", signal.SIGUSR1),
        ("USR2", signal.SIGUSR2),
        ("hup", signal.SIGHUP),
        (10, signal.SIGUSR1),
        ("12", signal.SIGUSR2),
        ("SIGWINCH", signal.SIGWINCH),
        ("TERM", signal.SIGTERM),
        ("SIGRTMIN+3", signal.SIGRTMIN + 3),
        ("rtmax", signal.SIGRTMAX),
    ],
)
def test_a_signal_is_written_by_name_or_number(things, tmp_path, source, start_sidecar, written, number):
    things.append(SignalCounter(tmp_path / "game", number))
    sidecar = start_sidecar(things[-1], signal={"signalName": written})
    assert sidecar.update("v1", source.put("/a", b"a")).json["result"] == "Succeeded"
    assert things[0 if isinstance(things[0], SignalCounter) else 1].wait_for(1) == 1


def late(tmp_path, wait_seconds):
    return {"loadPatchType": "signal", "signal": {"processName": f"{tmp_path}/game/signals-", "signalName": "USR1", "waitSeconds": wait_seconds}}


def test_a_game_that_comes_up_within_wait_seconds_is_notified(things, tmp_path, source, start_sidecar):
    sidecar = start_sidecar(**late(tmp_path, 60))
    answers = []
    caller = threading.Thread(target=lambda: answers.append(sidecar.update("v1", source.put("/a", b"a"))))
    caller.start()
    wait_until(lambda: (sidecar.status()["underWay"] or {}).get("stage") == "trigger", what="the trigger waits for the game")
    things.append(SignalCounter(tmp_path / "game"))
    caller.join()
    assert answers[0].json["result"] == "Succeeded", answers
    assert things[-1].wait_for(1) == 1, answers


@pytest.mark.alone
def test_without_wait_seconds_a_missing_game_is_told_at_once(tmp_path, source, start_sidecar):
    answer = start_sidecar(**late(tmp_path, 0)).update("v1", source.put("/a", b"a"))
    assert answer.status == 500, answer
    assert answer.json["stage"] == "trigger", answer
    assert answer.json["durationMs"] < 1_000, answer
