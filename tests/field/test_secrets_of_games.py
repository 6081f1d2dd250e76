"""Secrets that games get on their command lines are in no answer, log, list or result."""

import signal
import subprocess

import pytest

from runtimes import PlainGame
from sidecar import BINARY

OPTIONS = [["--password=s3cret"], ["--db-password", "s3cret"], ["+rcon_password", "s3cret"], ["--token=s3cret"], ["MYSQL_PWD=s3cret"],
           ["--AccessKeySecret=s3cret"], ["--header", "Authorization: Bearer s3cret"], ["--redis=redis://:s3cret@h:1"]]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda each: each[0])
def test_a_secret_on_the_games_command_line_is_shown_nowhere(things, tmp_path, start_sidecar, source, shared, options):
    things.append(game := PlainGame(tmp_path / "game", "Python", signal.SIGUSR1, more=options))
    sidecar = start_sidecar(signal={"processName": game.process_name, "signalName": "SIGUSR1"}, loadPatchType="signal")
    answer = sidecar.update("v1", source.put("/map", b"map"))
    assert answer.status == 200, answer
    listed = sidecar.get("/hot-update/processes").body
    table = subprocess.run([BINARY, "processes", "--server", sidecar.base], capture_output=True, check=True).stdout
    result = (shared / ".okg-sidecar/result.json").read_bytes()
    for each in (answer.body, listed, table, result, sidecar.log().encode(), sidecar.get("/hot-update").body):
        assert b"s3cret" not in each, each
    assert b"***" in listed
