"""A wall clock that is set between a crash and the start that finishes the update."""

import threading
import time

import pytest

import set_clock
from archives import tar
from game import SignalCounter
from waiting import wait_until

HOUR = 3600
TICK_SECONDS = 0.01  # the slowest of a kernel's: a file's times and a process's start are those of the last one


@pytest.fixture
def crash_once_live(start_sidecar, source, shared):
    """The sidecar dies when the new content is live and nobody has been notified: the game that it waits for is not there."""

    def crash(**fields):
        sidecar = start_sidecar(signal={"processName": "no-such-game", "signalName": "SIGUSR1", "waitSeconds": 100}, loadPatchType="signal")
        body = tar({"a": b"new"}) if fields else b"new"
        url = source.put("/v2", body)
        threading.Thread(target=lambda: sidecar.update("v2", url, path="game", wait="false", **fields)).start()
        live = shared / "game" / "a" if fields else shared / "game"
        wait_until(lambda: live.is_file() and live.read_bytes() == b"new" and "stage=trigger" in sidecar.log(), what="the content is live")
        sidecar.kill()

    return crash


@pytest.fixture
def finish(start_sidecar, tmp_path):
    """The result of the update, by a start whose clock is `seconds` ahead."""
    environment = set_clock.build(tmp_path)

    def finish(game, seconds):
        sidecar = start_sidecar(game, env=environment(seconds), signal={"settleMilliseconds": 10})
        wait_until(lambda: sidecar.status()["results"], what="the update has ended")
        [result] = sidecar.status()["results"]
        assert result["result"] == "Succeeded", result
        return result["message"]

    return finish


KINDS = pytest.mark.parametrize("fields", [{}, {"format": "archive"}], ids=["file", "folder"])


@KINDS
@pytest.mark.parametrize("seconds", [HOUR, 0, -HOUR], ids=["ahead", "right", "behind"])
def test_a_game_from_before_the_update_is_notified_though_the_clock_was_set(crash_once_live, finish, things, tmp_path, seconds, fields):
    things.append(game := SignalCounter(tmp_path / "game"))
    crash_once_live(**fields)
    assert f"SIGUSR1 sent to process {game.process.pid}" in finish(game, seconds)
    wait_until(lambda: game.count() == 1, what="the game has heard of it")


@KINDS
@pytest.mark.parametrize("seconds", [HOUR, 0, -HOUR], ids=["ahead", "right", "behind"])
def test_a_game_that_started_on_the_content_is_left_alone_though_the_clock_was_set(
    crash_once_live, finish, things, shared, tmp_path, seconds, fields
):
    crash_once_live(**fields)
    changed = (shared / "game").stat().st_ctime
    # A process that started within two ticks of the content is taken for an older one, and hears of it.
    wait_until(lambda: time.time() > changed + 3 * TICK_SECONDS, what="a process that starts now is seen to be the later one")
    things.append(game := SignalCounter(tmp_path / "game"))
    assert "the main process started after the content was in place" in finish(game, seconds)
    assert game.count() == 0
