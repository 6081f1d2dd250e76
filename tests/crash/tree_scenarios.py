"""The same for folders: archives and manifests, overlays, all of the shared directory, and files that are updated singly in one."""

import errno
import shutil

from archives import manifest_of, tar
from no_exchange import build
from scenario import start_once

TREES = [{"a.lua": b"1" * 500, "sub/b": b"1", "gone": b"1"}, {"a.lua": b"2" * 400, "sub/b": b"2", "come": b"2"}, {"later": b"3"}]


def be_tree(scenario, path):
    scenario.path, scenario.fields = path, {"format": "archive"}
    scenario.old, scenario.new, scenario.later = TREES
    scenario.later_body = tar(scenario.later)
    scenario.url = scenario.source.put("/new.tar", tar(scenario.new))


def replaces_a_tree(scenario, path="game"):
    be_tree(scenario, path)
    with scenario.sidecar() as running:
        assert running.update("old", scenario.source.put("/old.tar", tar(scenario.old)), path=path, **scenario.fields).status == 200
        running.stop()


def replaces_a_tree_by_a_manifest(scenario):
    """What is the same is linked, the rest comes several files at a time."""
    be_tree(scenario, "game")
    same = {"same.lua": b"0" * 300}
    scenario.fields = {"format": "manifest"}
    scenario.old, scenario.new, scenario.later = ({**same, **files} for files in TREES)
    scenario.later_body = manifest_of(scenario.source, scenario.later)
    scenario.url = scenario.source.put("/new.json", manifest_of(scenario.source, scenario.new))
    with scenario.sidecar() as running:
        assert running.update("old", scenario.source.put("/old.json", manifest_of(scenario.source, scenario.old)), path="game", **scenario.fields).status == 200
        running.stop()


def replaces_a_tree_by_renames(scenario):
    scenario.is_whole = True
    scenario.env = build(scenario.folder)(errno.EINVAL)
    replaces_a_tree(scenario)


def replaces_the_whole_directory(scenario):
    scenario.is_whole = True
    replaces_a_tree(scenario, ".")


def first_tree(scenario):
    be_tree(scenario, "game")
    scenario.old = None
    start_once(scenario)


def tree_reverted(scenario):
    replaces_a_tree(scenario)
    scenario.deaf = True


def tree_rolled_back(scenario):
    be_tree(scenario, "game")
    with scenario.sidecar() as running:
        assert running.update("new", scenario.url, path="game", **scenario.fields).status == 200
        assert running.update("old", scenario.source.put("/old.tar", tar(scenario.old)), path="game", **scenario.fields).status == 200
        running.stop()
    scenario.rolls_back, scenario.told_before = True, 1


def overlays(scenario, path):
    """The folder has files of the game, and those of an earlier overlay that this one lacks."""
    be_tree(scenario, path)
    scenario.fields, scenario.later_fields = {"format": "archive", "mode": "overlay"}, {"format": "archive"}
    of_the_game = {"own": b"0" * 300, "sub/own": b"0"}
    for name, content in of_the_game.items():
        file = scenario.shared / path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    scenario.kept_before = [of_the_game]
    scenario.old = {**of_the_game, **scenario.old}
    scenario.new = {**scenario.old, **scenario.new}
    with scenario.sidecar() as running:
        assert running.update("old", scenario.source.put("/old.tar", tar(TREES[0])), path=path, **scenario.fields).status == 200
        running.stop()


def overlays_a_tree(scenario):
    overlays(scenario, "game")


def overlays_the_whole_directory(scenario):
    """What it has no part in stays where it is: of the old content only what is replaced is kept."""
    scenario.is_whole = True
    overlays(scenario, ".")
    scenario.replaced = {name: content for name, content in scenario.old.items() if name == "a.lua" or name.startswith("sub/")}
    scenario.kept_before.append({"sub/own": b"0"})


def restored_tree(scenario):
    """The pod has what its image brought; the result says that "new" is to be live."""
    be_tree(scenario, "game")
    with scenario.sidecar() as running:
        assert running.update("new", scenario.url, path="game", **scenario.fields).status == 200
        running.stop()
    shutil.rmtree(scenario.shared / "game")
    (scenario.shared / "game").mkdir()
    (scenario.shared / "game/a.lua").write_bytes(b"image")
    scenario.old, scenario.restores = {"a.lua": b"image"}, True


def send_tree(scenario, running, version, files):
    assert running.update(version, scenario.source.put(f"/{version}.tar", tar(files)), path="maps", format="archive").status == 200


def send_file(scenario, running, version, content):
    assert running.update(version, scenario.source.put(f"/{version}", content), path="maps/1.json").status == 200


def restored_tree_with_a_file_in_it(scenario):
    """The pod is an added one: the shared directory is empty."""
    be_tree(scenario, "maps")
    scenario.keeps_inodes = True
    with scenario.sidecar() as running:
        send_tree(scenario, running, "new", {"1.json": b"tree", "2.json": b"tree"})
        send_file(scenario, running, "file", b"file")
        running.stop()
    shutil.rmtree(scenario.shared / "maps")
    scenario.old, scenario.new, scenario.restores = None, {"1.json": b"file", "2.json": b"tree"}, True
    scenario.kept_before = [b"tree", {"1.json": b"file"}, {"1.json": b"tree", "2.json": b"tree"}]


def file_in_a_tree(scenario):
    scenario.path, scenario.around, scenario.replaced = "maps/1.json", "maps", OLD_FILE
    scenario.later_body = b"later"
    scenario.old, scenario.new, scenario.later = ({"1.json": content, "2.json": b"tree"} for content in (OLD_FILE, NEW_FILE, b"later"))
    scenario.url = scenario.source.put("/new.json", NEW_FILE)
    scenario.kept_before = [NEW_FILE, b"later"]
    with scenario.sidecar() as running:
        send_tree(scenario, running, "tree", scenario.old)
        running.stop()


def tree_over_a_file_in_it(scenario):
    """The file was updated after the folder that is replaced now."""
    be_tree(scenario, "maps")
    scenario.keeps_inodes = True
    scenario.old, scenario.goes_with_it = {"1.json": b"file", "2.json": b"tree"}, "maps/1.json"
    scenario.kept_before = [b"tree"]
    with scenario.sidecar() as running:
        send_tree(scenario, running, "tree", {"1.json": b"tree", "2.json": b"tree"})
        send_file(scenario, running, "file", b"file")
        running.stop()


def first_tree_over_a_file(scenario):
    """The file came first, into a folder that nobody has updated."""
    be_tree(scenario, "maps")
    scenario.keeps_inodes = True
    scenario.old, scenario.goes_with_it = {"1.json": b"file"}, "maps/1.json"
    with scenario.sidecar() as running:
        send_file(scenario, running, "file", b"file")
        running.stop()


def rolled_back_to_a_tree_with_a_file_in_it(scenario):
    be_tree(scenario, "maps")
    scenario.keeps_inodes = True
    scenario.old, scenario.new = scenario.new, {"1.json": b"file", "2.json": b"tree"}
    scenario.kept_before = [b"tree"]
    with scenario.sidecar() as running:
        send_tree(scenario, running, "new", {"1.json": b"tree", "2.json": b"tree"})
        send_file(scenario, running, "file", b"file")
        send_tree(scenario, running, "old", scenario.old)
        running.stop()
    scenario.rolls_back, scenario.told_before = True, 1


OLD_FILE, NEW_FILE = b"1" * 500, b"2" * 400
OF_A_FOLDER = [replaces_a_tree, replaces_a_tree_by_renames, replaces_a_tree_by_a_manifest, first_tree, tree_reverted, tree_rolled_back, overlays_a_tree, restored_tree]
OF_THE_WHOLE = [replaces_the_whole_directory, overlays_the_whole_directory]
NESTED = [file_in_a_tree, tree_over_a_file_in_it, first_tree_over_a_file, rolled_back_to_a_tree_with_a_file_in_it, restored_tree_with_a_file_in_it]
TREE_SCENARIOS = [*OF_A_FOLDER, *OF_THE_WHOLE, *NESTED]
