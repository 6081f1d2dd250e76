"""The recipes of docs/add-to-your-game.md: each game of examples/recipes has loaded what an update brought."""

import subprocess
import sys

import pytest
from runtimes import compiled
from sidecar import ROOT
from source import Answer
from waiting import wait_until

RECIPES = ROOT / "examples/recipes"


def started_with(language):
    """What a game is started with, and the signal that it takes."""
    if language == "C++":
        return [compiled("game.cpp", "g++", "-std=c++17", "-o", "OUT/game", "game.cpp", folder=RECIPES) / "game"], "SIGHUP"
    if language == "Java":
        return ["java", "-XX:TieredStopAtLevel=1", "-cp", compiled("Game.java", "javac", "-d", "OUT", "Game.java", folder=RECIPES), "Game"], "SIGHUP"
    interpreter, file, signal = {"Lua": ("lua5.3", "game.lua", "SIGUSR1"), "Python": (sys.executable, "game.py", "SIGUSR1"),
                                 "Node.js": ("node", "game.js", "SIGHUP")}[language]
    return [interpreter, RECIPES / file], signal


class Game:
    """A game of a recipe that has loaded `file`."""

    def __init__(self, folder, language, file):
        argv, self.signal = started_with(language)
        self.output = folder / "output"
        self.process_name = str(file)
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen([*map(str, argv), str(file)], stdin=subprocess.DEVNULL, stdout=output)
        self.wait_for("V1")

    def wait_for(self, content):
        wait_until(lambda: f"loaded {content}\n" in self.output.read_text(), what=f"the game has loaded {content}")

    def stop(self):
        self.process.kill()
        self.process.wait(20)


@pytest.mark.parametrize("language", ["C++", "Lua", "Python", "Node.js", "Java"])
def test_a_game_of_a_recipe_loads_what_an_update_brings(things, tmp_path, shared, source, start_sidecar, language):
    (shared / "map.txt").write_text("V1")
    things.append(Game(tmp_path, language, shared / "map.txt"))
    game = things[-1]
    source.answers["/map.txt"] = Answer(b"V2")
    sidecar = start_sidecar(game, signal={"signalName": game.signal})
    answer = sidecar.update("v2", source.url("/map.txt"))
    assert (answer.status, answer.json.get("warnings", [])) == (200, []), answer
    game.wait_for("V2")
    assert game.process.poll() is None
